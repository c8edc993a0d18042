package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"hankki/internal/guardrails"
	"hankki/internal/stacktest"
)

// checkReview changes settings of the deployed stack, and compares a review without the cluster with a preview on it. Both list the
// same objects with the same operations.
func checkReview(t *testing.T, l lab, s stack) {
	t.Helper()
	clone := filepath.Join(t.TempDir(), "clone")
	git := func(arguments ...string) {
		t.Helper()
		c := exec.CommandContext(t.Context(), "git", arguments...)
		c.Dir = l.root
		if printed, err := c.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", arguments, err, printed)
		}
	}
	git("clone", "--quiet", "--no-hardlinks", l.root, clone)
	file := func(name string) string { return filepath.Join(clone, name) }
	take := func() {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(s.folder, "Pulumi.onprem.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file("Pulumi.onprem.yaml"), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	take()
	git("-C", clone, "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "--allow-empty", "-am", "as deployed")

	s.set(t, "backend.replicas", "4")
	s.set(t, "redis.maxMemory", "200mb")
	defer func() { // a Cleanup would come after the test's context
		s.set(t, "backend.replicas", "5")
		s.set(t, "redis.maxMemory", "128mb")
	}()
	take()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, os.Getenv("HANKKI_COMMAND"), "review", "--cwd", clone, "--base", "HEAD", "--stack", "onprem", "--output", "json")
	printed, err := c.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			t.Logf("%s", exit.Stderr)
		}
		t.Fatalf("hankki review: %v", err)
	}
	var report struct {
		Stacks []struct {
			Objects []struct {
				Object struct{ Kind, Namespace, Name string }
				Op     string
			}
		}
	}
	if err := json.Unmarshal(printed, &report); err != nil || len(report.Stacks) != 1 {
		t.Fatalf("%v:\n%s", err, printed)
	}
	reviewed := map[string]string{}
	for _, o := range report.Stacks[0].Objects {
		reviewed[o.Object.Kind+" "+o.Object.Namespace+"/"+withoutSuffix(o.Object.Name)] = o.Op
	}
	previewed := previewedObjects(t, s)
	if len(reviewed) == 0 || !maps.Equal(reviewed, previewed) {
		t.Errorf("the review lists %v, the preview %v", sorted(reviewed), sorted(previewed))
	}
}

// previewedObjects returns the operations of a preview on the cluster, by "Kind namespace/name".
func previewedObjects(t *testing.T, s stack) map[string]string {
	t.Helper()
	words := map[apitype.OpType]string{apitype.OpCreate: "created", apitype.OpUpdate: "changed", apitype.OpReplace: "replaced", apitype.OpDelete: "deleted"}
	guardRails := filepath.Join(t.TempDir(), guardrails.PackName) // the command serves them under this name
	if err := os.Symlink(os.Getenv("HANKKI_COMMAND"), guardRails); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), "pulumi", "preview", "--json", "--stack", "onprem", "--non-interactive", "--policy-pack", guardRails)
	c.Dir, c.Env = s.folder, os.Environ()
	for key, value := range s.Workspace().GetEnvVars() {
		c.Env = append(c.Env, key+"="+value)
	}
	all := map[string]string{}
	for _, step := range stacktest.PreviewSteps(t, c) {
		state := step.State()
		if word := words[step.Op]; word != "" && state != nil && strings.HasPrefix(string(state.Type), "kubernetes:") {
			metadata, _ := state.Inputs["metadata"].(map[string]any)
			kind, _ := state.Inputs["kind"].(string)
			namespace, _ := metadata["namespace"].(string)
			name, _ := metadata["name"].(string)
			all[kind+" "+namespace+"/"+withoutSuffix(name)] = word
		}
	}
	lines, err := s.hankki(t.Context(), "plan").CombinedOutput()
	if err != nil || !strings.Contains(string(lines), "update hankki:components:Backend$kubernetes:apps/v1:Deployment backend spec.replicas\n") {
		t.Errorf("the plan lacks the replicas of the API (%v):\n%s", err, lines)
	}
	return all
}

// autoNamed are the names to which Pulumi adds a random suffix on the cluster, but not in a rendering.
var autoNamed = []string{"backend-release"}

func withoutSuffix(name string) string {
	for _, begin := range autoNamed {
		if strings.HasPrefix(name, begin+"-") {
			return begin
		}
	}
	return name
}

func sorted(objects map[string]string) []string {
	var lines []string
	for name, op := range objects {
		lines = append(lines, name+" "+op)
	}
	return slices.Sorted(slices.Values(lines))
}
