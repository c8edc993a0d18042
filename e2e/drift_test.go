package e2e

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"

	"hankki/internal/drift"
	"hankki/internal/manifest"
)

// checkDrift changes and deletes objects by hand. A refresh lists all changes, and up reverts them. An up without a refresh fails if
// a Deployment is missing.
func checkDrift(t *testing.T, l lab, s stack, output io.Writer) {
	l.kubectl(t, "scale", "-n", "hankki", "deployment/backend", "--replicas=2")
	l.kubectl(t, "delete", "-n", "hankki", "networkpolicy/redis", "deployment/frontend")
	edit := l.command(time.Minute, "lab/lab", "kubectl", "edit", "-n", "hankki", "networkpolicy/backend")
	edit.Env = append(edit.Environ(), "KUBE_EDITOR=sed -i s/5000/5001/")
	if out, err := edit.CombinedOutput(); err != nil {
		t.Fatalf("kubectl edit: %v\n%s", err, out)
	}
	expectOutput(t, s.upError(t, output), "Deployment frontend in namespace hankki was removed by hand")
	seen, err := s.PreviewRefresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := seen.ChangeSummary; got["update"] < 2 || got["delete"] != 2 {
		t.Errorf("refresh shows %v, want the updates of the Deployment and of the NetworkPolicy, and two deletions", got)
	}
	l.kubectl(t, "label", "-n", "hankki", "service/redis", "team=cooks")
	found, printed := driftOf(t, s)
	for object, field := range map[string]string{
		"Deployment hankki/backend": "spec.replicas", "NetworkPolicy hankki/backend": "spec.ingress",
		"NetworkPolicy hankki/redis": "deleted", "Deployment hankki/frontend": "deleted",
	} {
		if !slices.ContainsFunc(found.Changes, func(c drift.Change) bool {
			return c.Object == object && (c.Deleted && field == "deleted" || slices.ContainsFunc(c.Fields, func(f manifest.Field) bool { return strings.HasPrefix(f.Path, field) }))
		}) {
			t.Errorf("hankki drift misses %s of %s:\n%s", field, object, printed)
		}
	}
	if len(found.Changes) != 4 || len(found.Additions) != 1 || !strings.Contains(found.Additions[0], ".metadata.labels.team (kubectl-label") {
		t.Errorf("hankki drift prints more than four changes and one label:\n%s", printed)
	}
	l.kubectl(t, "label", "-n", "hankki", "service/redis", "team-")
	s.up(t, output, optup.Refresh())
	checkPods(t, l, 1)
	if found, printed := driftOf(t, s); found.Found() {
		t.Errorf("drift after it was put right:\n%s", printed)
	}
	l.kubectl(t, "get", "-n", "hankki", "networkpolicy/redis")
	if port := l.kubectl(t, "get", "-n", "hankki", "networkpolicy/backend", "-o", "jsonpath={.spec.ingress[*].ports[*].port}"); port != "5000" {
		t.Errorf("the API's NetworkPolicy opens %s", port)
	}
	if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
		t.Errorf("after it was put right: %v", got)
	}
}

// driftOf runs `hankki drift`. Its exit code is 4 with drift and 0 without.
func driftOf(t *testing.T, s stack) (found drift.Report, printed string) {
	t.Helper()
	const drifted = 4
	c := s.hankki(t.Context(), "drift", "--output", "json")
	var log strings.Builder
	c.Stderr = &log
	out, err := c.Output()
	if decoded := json.Unmarshal(out, &found); decoded != nil {
		t.Fatalf("hankki drift: %v, %v\n%s%s", err, decoded, out, log.String())
	}
	if code := c.ProcessState.ExitCode(); found.Found() != (code == drifted) || !found.Found() && code != 0 {
		t.Errorf("hankki drift ends with %d\n%s%s", code, out, log.String())
	}
	return found, string(out)
}
