package tools_test

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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
		os.Exit(runAll(m))
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
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "PULUMI_HOME=" + home, "PULUMI_BACKEND_URL=file://" + state,
		"PULUMI_SKIP_UPDATE_CHECK=true", programVariable + "=yes", "VAULT_SERVER_URL=" + v.URL, "VAULT_SERVER_TOKEN=" + vaultToken, "VAULT_MAX_RETRIES=0",
	}
	return p
}

// runAll runs the tests with the pinned CLI and its plugins in the environment, because tests that run in parallel can't set it.
func runAll(m *testing.M) int {
	if cli, err := pinnedCLI(); err == nil { // otherwise pulumiCLI fails the tests that need it
		bin := filepath.Dir(cli)
		for name, value := range map[string]string{
			"PATH":        bin + ":" + os.Getenv("PATH"),
			"PULUMI_HOME": cmp.Or(os.Getenv("PULUMI_HOME"), filepath.Join(filepath.Dir(bin), "pulumi")),
		} {
			if err := os.Setenv(name, value); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
		}
	}
	return m.Run()
}

// pulumiCLI returns the path of the pinned CLI, which `make tools` builds.
func pulumiCLI(t *testing.T) string {
	t.Helper()
	testfile.Read(t, pinnedVersionFile) // see script
	cli, err := pinnedCLI()
	if err != nil {
		t.Fatal(err)
	}
	return cli
}

const pinnedVersionFile = "pulumi/ldflags"

var pinnedCLI = sync.OnceValues(func() (string, error) {
	cache := os.Getenv("HANKKI_CACHE")
	if cache == "" {
		folder, err := os.UserCacheDir()
		if err != nil {
			return "", err
		}
		cache = filepath.Join(folder, "hankki")
	}
	pinned, err := os.ReadFile(pinnedVersionFile)
	if err != nil {
		return "", err
	}
	_, version, _ := strings.Cut(strings.TrimSpace(string(pinned)), "version.Version=")
	onPath, _ := exec.LookPath("pulumi")
	for _, cli := range []string{filepath.Join(cache, "bin/pulumi"), onPath} {
		if out, err := exec.Command(cli, "version").Output(); err == nil && strings.TrimSpace(string(out)) == version {
			return cli, nil
		}
	}
	return "", fmt.Errorf("no Pulumi CLI %s in %s/bin or on PATH: run `make tools`", version, cache)
})

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
