package e2e

import (
	"io"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// checkDrift changes objects by hand, as people do in a hurry: refresh shows all, and up puts all right. One that is missed
// at once is told by any up.
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
	s.up(t, output, optup.Refresh())
	checkPods(t, l, 1)
	l.kubectl(t, "get", "-n", "hankki", "networkpolicy/redis")
	if port := l.kubectl(t, "get", "-n", "hankki", "networkpolicy/backend", "-o", "jsonpath={.spec.ingress[*].ports[*].port}"); port != "5000" {
		t.Errorf("the API's NetworkPolicy opens %s", port)
	}
	if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
		t.Errorf("after it was put right: %v", got)
	}
}
