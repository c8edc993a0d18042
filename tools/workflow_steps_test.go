package tools_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"hankki/internal/testfile"
)

// workflow is the part of a workflow that these tests read.
type workflow struct {
	Jobs map[string]struct {
		Strategy struct {
			Matrix map[string][]string `json:"matrix"`
		} `json:"strategy"`
		Steps []struct {
			Name string         `json:"name"`
			Run  string         `json:"run"`
			With map[string]any `json:"with"`
		} `json:"steps"`
	} `json:"jobs"`
}

// stepTests run the script of each step, by "FILE JOB: STEP".
var stepTests = map[string]func(t *testing.T, step string){
	"ci.yml test: Packages for the checkout": testCheckoutPackages,
	"ci.yml test: Trust the checkout":        testTrustedCheckout,
	"ci.yml test: Test":                      testCICommands,
	"deploy.yml plan: Plan":                  testPlanStep,
	"deploy.yml up: Deploy":                  testDeploy,
	"drift.yml drift: Drift":                 testDriftStep,
	"drift.yml drift: Issue":                 testDriftIssue,
	"preview.yml preview: pulumi preview":    testPreviewStep,
	"preview.yml preview: Comment":           testPreviewComment,
	"review.yml review: Review":              testReviewStep,
	"review-comment.yml comment: Comment":    testReviewComment,
}

// Each script of each workflow has a test that runs it.
func TestWorkflowSteps(t *testing.T) {
	tested := map[string]bool{}
	for file, w := range workflows(t) {
		for job, j := range w.Jobs {
			for _, step := range j.Steps {
				name := file + " " + job + ": " + step.Name
				if step.With["script"] != nil {
					t.Errorf("%s: an action runs a script, which no test can run: write it as run", name)
				}
				if step.Run == "" {
					continue
				}
				test := stepTests[name]
				if test == nil || tested[name] {
					t.Errorf("%q has no test of its own in stepTests:\n%s", name, step.Run)
					continue
				}
				tested[name] = true
				t.Run(name, func(t *testing.T) { test(t, step.Run) })
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(stepTests)) {
		if !tested[name] {
			t.Errorf("no workflow has the step %q", name)
		}
	}
}

// workflows returns the workflows by file name.
func workflows(t *testing.T) map[string]workflow {
	t.Helper()
	files, err := filepath.Glob("../.github/workflows/*.y*ml")
	if err != nil || len(files) == 0 {
		t.Fatalf("workflows: %v (%v)", files, err)
	}
	all := map[string]workflow{}
	for _, file := range files {
		var w workflow
		if err := yaml.Unmarshal([]byte(testfile.Read(t, file)), &w); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[filepath.Base(file)] = w
	}
	return all
}

// The packages are those that the checkout and make need; a package list that can't be read fails the step.
func testCheckoutPackages(t *testing.T, step string) {
	for _, fails := range []bool{false, true} {
		folder := commandsOf(t, "bash")
		called := filepath.Join(folder, "called")
		fakeCommand(t, folder, "apt-get", `echo "$*" >>"$CALLED"; [[ -z $FAILS ]]`)
		run := script(t, "/bin/bash", "-e", "-c", step)
		run.Env = []string{"PATH=" + folder, "CALLED=" + called}
		want := "update\ninstall -y --no-install-recommends ca-certificates git make\n"
		if fails {
			run.Env, want = append(run.Env, "FAILS=yes"), "update\n"
		}
		printed, err := run.CombinedOutput()
		if got := testfile.Read(t, called); (err != nil) != fails || got != want {
			t.Errorf("apt-get is called with %q, want %q (%v):\n%s", got, want, err, printed)
		}
	}
}

// git reads a checkout that belongs to another user, as the runner's does in a container.
func testTrustedCheckout(t *testing.T, step string) {
	home := t.TempDir()
	folder := commandsOf(t, "git")
	for _, command := range []string{step, `[[ $(git config --get-all safe.directory) == "$GITHUB_WORKSPACE" ]]`} {
		run := script(t, "/bin/bash", "-e", "-c", command)
		run.Dir, run.Env = home, []string{"PATH=" + folder, "HOME=" + home, "GITHUB_WORKSPACE=/work of/hankki"}
		if printed, err := run.CombinedOutput(); err != nil {
			t.Errorf("%s: %v:\n%s", command, err, printed)
		}
	}
}

// Each command of the matrix is a make target or a script of the checkout.
func testCICommands(t *testing.T, step string) {
	commands := workflows(t)["ci.yml"].Jobs["test"].Strategy.Matrix["command"]
	if len(commands) == 0 {
		t.Fatal("the matrix has no command")
	}
	makefiles := "\n" + testfile.Read(t, "../Makefile") + testfile.Read(t, "../tests.mk")
	for _, command := range commands {
		folder, work := commandsOf(t, "bash", "dirname"), t.TempDir()
		fakeCommand(t, folder, "make", `echo "make $*"`)
		if err := os.Symlink(absolute(t, "../.ci"), filepath.Join(work, ".ci")); err != nil {
			t.Fatal(err)
		}
		run := script(t, "/bin/bash", "-e", "-c", strings.ReplaceAll(step, "${{ matrix.command }}", command))
		run.Dir, run.Env = work, []string{"PATH=" + folder}
		printed, err := run.CombinedOutput()
		target := strings.TrimSuffix(strings.TrimPrefix(string(printed), "make "), "\n")
		if err != nil || target == "" || !strings.Contains(makefiles, "\n"+target+":") {
			t.Errorf("%s runs no target of make (%v):\n%s", command, err, printed)
		}
	}
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	full, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return full
}

// The step fails if make fails, and its output is in the log and in the file of the comment.
func testPreviewStep(t *testing.T, step string) {
	for _, code := range []string{"0", "2"} {
		folder := commandsOf(t, "bash", "tee")
		fakeCommand(t, folder, "make", `[[ "$*" == "preview STACK=dev LAB=off" ]] || exit 9; echo soup; echo broth >&2; exit "$CODE"`)
		run := script(t, "/bin/bash", "-e", "-c", step)
		run.Dir, run.Env = folder, []string{"PATH=" + folder, "STACK=dev", "CODE=" + code}
		printed, err := run.CombinedOutput()
		if (err == nil) != (code == "0") || string(printed) != "soup\nbroth\n" {
			t.Errorf("make exits with %s: %v:\n%s", code, err, printed)
		}
		if text := testfile.Read(t, filepath.Join(folder, "preview.txt")); text != "soup\nbroth\n" {
			t.Errorf("preview.txt has %q", text)
		}
	}
}
