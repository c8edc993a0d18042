package tools_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"hankki/internal/manifest"
	"hankki/internal/review"
	"hankki/internal/stacktest"
	"hankki/internal/staging"
	"hankki/internal/testfile"
)

// renderedProject is a copy of this checkout, as a git repository, and a project of its program, whose stacks render manifests instead of using a cluster. The
// engine, the CLI and the Kubernetes plugin are the pinned ones. The stacks have states, and Pulumi's default names as on a cluster: they
// end in random digits.
type renderedProject struct {
	checkout, folder, cli string
	manifests             string // the folder that the manifests are rendered to
	charts                staging.Charts
	environment           map[string]string
}

func newRenderedProject(t *testing.T) renderedProject {
	t.Helper()
	p := renderedProject{checkout: t.TempDir(), folder: t.TempDir(), cli: pulumiCLI(t), manifests: t.TempDir()}
	testfile.CopyCheckout(t, "..", p.checkout)
	commit(t, p.checkout) // tools/build.sh lists the files of a module with git
	program := filepath.Join(t.TempDir(), "program")
	if printed, err := exec.Command("go", "build", "-C", "..", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, printed)
	}
	err := staging.Project(p.checkout, p.folder, program)
	if err == nil {
		p.charts, err = staging.Tools(t.Context(), p.checkout)
	}
	if err == nil {
		p.environment, err = staging.Environment(t.TempDir())
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// command returns a command of the CLI in the project.
func (p renderedProject) command(arguments ...string) *exec.Cmd {
	c := exec.Command(p.cli, append(arguments, "--non-interactive")...)
	c.Dir, c.Env = p.folder, os.Environ()
	for key, value := range p.environment {
		c.Env = append(c.Env, key+"="+value)
	}
	return c
}

// pulumi runs the CLI in the project and returns its standard output.
func (p renderedProject) pulumi(t *testing.T, arguments ...string) string {
	t.Helper()
	c := p.command(arguments...)
	var out, log bytes.Buffer
	c.Stdout, c.Stderr = &out, &log
	if err := c.Run(); err != nil {
		t.Fatalf("pulumi %s: %v\n%s%s", strings.Join(arguments, " "), err, out.String(), log.String())
	}
	return out.String()
}

// configure makes the file the one of the stack.
func (p renderedProject) configure(t *testing.T, stack, file string) {
	t.Helper()
	staged := staging.Stack{Name: stack, File: file, Rendering: &staging.Rendering{Directory: p.manifests, Charts: p.charts}}
	if err := staged.Write(p.checkout, p.folder); err != nil {
		t.Fatal(err)
	}
	p.pulumi(t, "config", "rm", "pulumi:autonaming", "--stack", stack)
}

// up deploys a new stack with the file.
func (p renderedProject) up(t *testing.T, stack, file string) {
	t.Helper()
	p.pulumi(t, "stack", "init", stack)
	p.configure(t, stack, file)
	p.pulumi(t, "up", "--stack", stack, "--yes", "--skip-preview", "--suppress-progress")
}

// operations returns the operations of the CLI's preview by object. An object with a generated name has its resource's name instead, as
// in a review.
func (p renderedProject) operations(t *testing.T, stack string) map[string]review.Op {
	t.Helper()
	words := map[apitype.OpType]review.Op{
		apitype.OpCreate: review.Created, apitype.OpUpdate: review.Changed, apitype.OpReplace: review.Replaced, apitype.OpDelete: review.Deleted,
	}
	all := map[string]review.Op{}
	for _, step := range stacktest.PreviewSteps(t, p.command("preview", "--json", "--stack", stack)) {
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
