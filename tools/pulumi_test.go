package tools_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/guardrails"
	"hankki/internal/testfile"
)

// programVariable makes this test binary run as a Pulumi program, so that the test compiles no other.
const programVariable = "HANKKI_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == guardrails.PackName {
		serveGuardRails()
		return
	}
	switch os.Getenv(programVariable) {
	case "":
		os.Exit(m.Run())
	case "releasing":
		pulumi.Run(releasing)
		return
	case "tagged":
		pulumi.Run(tagged)
		return
	}
	pulumi.Run(func(ctx *pulumi.Context) error {
		value, _ := ctx.GetConfig("hankki:databasePassword")
		password := pulumi.ToSecret(pulumi.String(value))
		_, err := pulumi.NewStash(ctx, "password", &pulumi.StashArgs{Input: password})
		ctx.Export("password", password)
		return err
	})
}

// project is a small Pulumi project with its own state.
type project struct {
	folder string
	cli    string
	env    []string
}

func newProject(t *testing.T, v *vault) project {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := project{folder: t.TempDir(), cli: pulumiCLI(t)}
	home, state := t.TempDir(), t.TempDir()
	text := fmt.Sprintf("name: hankki\nruntime: {name: go, options: {binary: %q}}\n", program)
	testfile.Write(t, filepath.Join(p.folder, "Pulumi.yaml"), text)
	p.env = []string{
		"PATH=" + filepath.Dir(p.cli) + ":" + os.Getenv("PATH"), "HOME=" + home, "PULUMI_HOME=" + home, "PULUMI_BACKEND_URL=file://" + state,
		"PULUMI_SKIP_UPDATE_CHECK=true", programVariable + "=yes", "VAULT_SERVER_URL=" + v.URL, "VAULT_SERVER_TOKEN=" + vaultToken, "VAULT_MAX_RETRIES=0",
	}
	return p
}

// pulumiCLI returns the path of the pinned CLI, which `make tools` builds.
func pulumiCLI(t *testing.T) string {
	t.Helper()
	cache := os.Getenv("HANKKI_CACHE")
	if cache == "" {
		folder, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		cache = filepath.Join(folder, "hankki")
	}
	pinned := testfile.Read(t, "pulumi/ldflags")
	_, version, _ := strings.Cut(strings.TrimSpace(pinned), "version.Version=")
	onPath, _ := exec.LookPath("pulumi")
	for _, cli := range []string{filepath.Join(cache, "bin/pulumi"), onPath} {
		if out, err := exec.Command(cli, "version").Output(); err == nil && strings.TrimSpace(string(out)) == version {
			return cli
		}
	}
	t.Fatalf("Pulumi CLI %s not found in %s/bin or on PATH: run `make tools`", version, cache)
	return ""
}

// try runs the CLI with the given standard input and returns its output. The variables override those of the project.
func (p project) try(t *testing.T, input string, variables []string, arguments ...string) (output string, err error) {
	t.Helper()
	c := exec.Command(p.cli, append(arguments, "--non-interactive")...)
	c.Dir, c.Env, c.Stdin = p.folder, slices.Concat(p.env, variables), strings.NewReader(input)
	out, err := c.CombinedOutput()
	return string(out), err
}

func (p project) run(t *testing.T, input string, arguments ...string) string {
	t.Helper()
	output, err := p.try(t, input, nil, arguments...)
	if err != nil {
		t.Fatalf("pulumi %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
	return output
}

// environment returns the variables of the project by name.
func (p project) environment() map[string]string {
	all := map[string]string{}
	for _, variable := range p.env {
		key, value, _ := strings.Cut(variable, "=")
		all[key] = value
	}
	return all
}
