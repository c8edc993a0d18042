package tools_test

import (
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"hankki/internal/review"
	"hankki/internal/testfile"
)

// Settings of a stack before and after a change that creates, changes, replaces and deletes objects.
var settingsBefore = map[string]any{
	"hankki:backup":        map[string]any{"enabled": true, "volume": map[string]any{"size": "1Gi"}},
	"hankki:frontend":      map[string]any{"replicas": 2, "loadBalancerIP": "10.0.0.4"},
	"hankki:redisPassword": map[string]any{"secure": "v1:soup"},
}
var settingsAfter = map[string]any{
	"hankki:backend":       map[string]any{"autoscaling": map[string]any{"enabled": true}, "loadBalancerIP": "10.0.0.3"},
	"hankki:frontend":      map[string]any{"replicas": 1, "loadBalancerIP": "10.0.0.4"},
	"hankki:monitoring":    map[string]any{"enabled": true},
	"hankki:redisPassword": map[string]any{"secure": "v1:broth"},
}

// A review, which starts from an empty state, lists the same objects with the same operations as the engine's preview of the change on
// the state of the stack. Both use the pinned CLI and the Kubernetes plugin, and render manifests instead of using a cluster.
func TestReviewListsWhatAPreviewLists(t *testing.T) {
	p := newRenderedProject(t)
	before, after := filepath.Join(p.checkout, "Pulumi.onprem.yaml"), filepath.Join(t.TempDir(), "Pulumi.onprem.yaml")
	testfile.Write(t, after, withSettings(t, before, settingsAfter))
	testfile.Write(t, before, withSettings(t, before, settingsBefore))
	commit(t, p.checkout)
	cache := filepath.Join(filepath.Dir(filepath.Dir(p.cli)), "review") // that of `make review`, so that little is compiled

	testfile.Write(t, before, testfile.Read(t, after)) // the change, in the working tree
	report, err := review.Run(t.Context(), review.Options{Project: p.checkout, Base: "HEAD", Stacks: []string{"onprem"}, Cache: cache, Log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	reviewed := map[string]review.Op{}
	for _, o := range report.Stacks[0].Objects {
		reviewed[o.Name.String()] = o.Op
	}
	git(t, p.checkout, "checkout", "--quiet", ".")
	p.up(t, "onprem", before)
	p.configure(t, "onprem", after)
	previewed := p.operations(t, "onprem")

	found := slices.Collect(maps.Values(previewed))
	for _, op := range review.Ops {
		if !slices.Contains(found, op) {
			t.Errorf("the preview has no object that is %s: %v", op, previewed)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(previewed)) {
		if reviewed[name] != previewed[name] {
			t.Errorf("%s is %s in the preview, %q in the review", name, previewed[name], reviewed[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(reviewed)) {
		if previewed[name] == "" {
			t.Errorf("%s is %s in the review, and not in the preview", name, reviewed[name])
		}
	}
}

// withSettings returns the text of a stack's file with the settings; those that are nil are removed.
func withSettings(t *testing.T, file string, settings map[string]any) string {
	t.Helper()
	var stack struct {
		Config map[string]any `json:"config"`
	}
	if err := yaml.Unmarshal([]byte(testfile.Read(t, file)), &stack); err != nil {
		t.Fatal(err)
	}
	maps.Copy(stack.Config, settings)
	maps.DeleteFunc(stack.Config, func(_ string, value any) bool { return value == nil })
	text, err := yaml.Marshal(stack)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func commit(t *testing.T, folder string) {
	t.Helper()
	git(t, folder, "init", "--quiet")
	git(t, folder, "add", "--all")
	git(t, folder, "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "-m", "as deployed")
}

func git(t *testing.T, folder string, arguments ...string) {
	t.Helper()
	c := exec.Command("git", arguments...)
	c.Dir = folder
	if printed, err := c.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(arguments, " "), err, printed)
	}
}
