package tools_test

import (
	"bytes"
	"cmp"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"sigs.k8s.io/yaml"

	"hankki/internal/manifest"
	"hankki/internal/review"
	"hankki/internal/stacktest"
	"hankki/internal/staging"
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
// the state of the stack. Both use the pinned CLI and the Kubernetes plugin, and render manifests instead of using a cluster. The
// stack of the preview has Pulumi's default names, as on a cluster: they end in random digits.
func TestReviewListsWhatAPreviewLists(t *testing.T) {
	cli := pulumiCLI(t)
	t.Setenv("PATH", filepath.Dir(cli)+":"+os.Getenv("PATH"))
	t.Setenv("PULUMI_HOME", cmp.Or(os.Getenv("PULUMI_HOME"), filepath.Join(filepath.Dir(filepath.Dir(cli)), "pulumi")))
	checkout, after := t.TempDir(), filepath.Join(t.TempDir(), "Pulumi.onprem.yaml")
	testfile.CopyCheckout(t, "..", checkout)
	before := filepath.Join(checkout, "Pulumi.onprem.yaml")
	stackFiles(t, before, after)
	commit(t, checkout)
	project, program := t.TempDir(), filepath.Join(t.TempDir(), "program")
	cache := filepath.Join(filepath.Dir(filepath.Dir(cli)), "review") // that of `make review`, so that little is compiled

	testfile.Write(t, before, testfile.Read(t, after)) // the change, in the working tree
	report, err := review.Run(t.Context(), review.Options{Project: checkout, Base: "HEAD", Stacks: []string{"onprem"}, Cache: cache})
	if err != nil {
		t.Fatal(err)
	}
	reviewed := map[string]review.Op{}
	for _, o := range report.Stacks[0].Objects {
		reviewed[o.Name.String()] = o.Op
	}
	git(t, checkout, "checkout", "--quiet", ".")

	if printed, err := exec.Command("go", "build", "-C", "..", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, printed)
	}
	if err := staging.Project(checkout, project, program); err != nil {
		t.Fatal(err)
	}
	charts, err := staging.Tools(t.Context(), checkout)
	if err != nil {
		t.Fatal(err)
	}
	state := t.TempDir()
	staged := staging.Stack{Name: "onprem", Rendering: &staging.Rendering{Directory: t.TempDir(), Charts: charts}}
	write := func(file string) {
		t.Helper()
		staged.File = file
		if err := staged.Write(checkout, project); err != nil {
			t.Fatal(err)
		}
	}
	write(before)
	s, err := auto.UpsertStackLocalSource(t.Context(), "onprem", project, auto.EnvVars(staging.Environment(state)))
	if err != nil {
		t.Fatal(err)
	}
	defaultNames := func() {
		t.Helper()
		if err := s.RemoveConfig(t.Context(), "pulumi:autonaming"); err != nil {
			t.Fatal(err)
		}
	}
	defaultNames()
	var printed bytes.Buffer
	if _, err := s.Up(t.Context(), optup.ProgressStreams(&printed), optup.ErrorProgressStreams(&printed)); err != nil {
		t.Fatalf("%v:\n%s", err, printed.String())
	}
	write(after)
	defaultNames()
	previewed := operations(t, cli, project, staging.Environment(state))

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

// operations returns the operations of the CLI's preview by object. An object with a generated name has its resource's name instead, as
// in a review.
func operations(t *testing.T, cli, project string, environment map[string]string) map[string]review.Op {
	t.Helper()
	c := exec.Command(cli, "preview", "--json", "--stack", "onprem", "--non-interactive")
	c.Dir, c.Env = project, os.Environ()
	for key, value := range environment {
		c.Env = append(c.Env, key+"="+value)
	}
	words := map[apitype.OpType]review.Op{
		apitype.OpCreate: review.Created, apitype.OpUpdate: review.Changed, apitype.OpReplace: review.Replaced, apitype.OpDelete: review.Deleted,
	}
	all := map[string]review.Op{}
	for _, step := range stacktest.PreviewSteps(t, c) {
		state := step.State()
		object := manifest.Resource{Object: state.Inputs}
		name, isObject := object.Name()
		if object.Autonamed() {
			name.Name = state.URN.Name()
		}
		op := words[step.Op]
		if op == "" || !isObject {
			continue
		}
		if op == review.Deleted && step.OldState.RetainOnDelete {
			op = review.Left
		}
		all[name.String()] = op
	}
	return all
}

// stackFiles writes the stack's file before and after the change.
func stackFiles(t *testing.T, before, after string) {
	t.Helper()
	shipped := testfile.Read(t, before)
	for file, settings := range map[string]map[string]any{before: settingsBefore, after: settingsAfter} {
		var stack struct {
			Config map[string]any `json:"config"`
		}
		if err := yaml.Unmarshal([]byte(shipped), &stack); err != nil {
			t.Fatal(err)
		}
		maps.Copy(stack.Config, settings)
		text, err := yaml.Marshal(stack)
		if err != nil {
			t.Fatal(err)
		}
		testfile.Write(t, file, string(text))
	}
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
