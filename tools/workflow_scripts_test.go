package tools_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// drift-issue.sh keeps one issue per stack: it opens, updates or closes it.
func testDriftIssue(t *testing.T, step string) {
	const (
		none    = "<!-- hankki drift of onprem -->\n"
		changed = none + "The cluster differs\n\n- `Deployment hankki/backend`: `spec.replicas`\n"
	)
	for name, c := range map[string]struct {
		report, issues string
		does           []string // empty: no change
		fails          bool
	}{
		"first":         {changed, "", []string{"--method POST repos/o/r/issues -f title=Drift of stack onprem -F body=@", "/drift.md", "labels[]=drift"}, false},
		"again":         {changed, "12\n13", []string{"--method PATCH repos/o/r/issues/12 -F body=@"}, false},
		"gone":          {none, "12", []string{"--method PATCH repos/o/r/issues/12 -f state=closed"}, false},
		"still none":    {none, "", nil, false},
		"unknown":       {"", "12", nil, true},
		"not a report":  {"make: *** Error 1", "12", nil, true},
		"another stack": {"<!-- hankki drift of dev -->\n", "12", nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			folder := commandsOf(t, "bash", "cat", "head")
			fakeCommand(t, folder, "gh", `case "$*" in *--paginate*) echo "$ISSUES" ;; *) echo "$*" >>"$DONE" ;; esac`)
			work := t.TempDir()
			done := filepath.Join(work, "done")
			testfile.Write(t, filepath.Join(work, "drift.md"), c.report)
			run := script(t, "/bin/bash", "-e", "-c", strings.ReplaceAll(step, "drift.md", filepath.Join(work, "drift.md")))
			run.Dir = ".." // the checkout
			run.Env = []string{"PATH=" + folder, "GITHUB_REPOSITORY=o/r", "STACK=onprem", "ISSUES=" + c.issues, "DONE=" + done}
			printed, err := run.CombinedOutput()
			changes, _ := os.ReadFile(done) // missing: no change was made
			if (err != nil) != c.fails || len(c.does) == 0 && len(changes) > 0 {
				t.Errorf("changes %q (%v):\n%s", changes, err, printed)
			}
			for _, does := range c.does {
				if !strings.Contains(string(changes), does) {
					t.Errorf("changes %q, want %q:\n%s", changes, does, printed)
				}
			}
		})
	}
}

// The step succeeds with a report, and fails without one: make fails for drift and for errors.
func testDriftStep(t *testing.T, step string) {
	for name, c := range map[string]struct {
		make  string
		fails bool
	}{
		"no drift": {`echo '<!-- hankki drift of onprem -->' >drift.md`, false},
		"drift":    {`echo '<!-- hankki drift of onprem -->' >drift.md; exit 2`, false},
		"unknown":  {`>drift.md; exit 2`, true},
		"no tools": {`exit 2`, true},
	} {
		t.Run(name, func(t *testing.T) {
			folder := commandsOf(t, "bash")
			fakeCommand(t, folder, "make", `[[ "$*" == "drift STACK=onprem LAB=off FORM=markdown OUT=drift.md" ]] || exit 9; `+c.make)
			run := script(t, "/bin/bash", "-e", "-c", step)
			run.Dir, run.Env = folder, []string{"PATH=" + folder, "STACK=onprem"}
			if printed, err := run.CombinedOutput(); (err != nil) != c.fails {
				t.Errorf("%v:\n%s", err, printed)
			}
		})
	}
}

// The plan is the job's summary and its number of lines the job's output; without a plan the step fails.
func testPlanStep(t *testing.T, step string) {
	for name, c := range map[string]struct {
		make, output string
		fails        bool
	}{
		"changes": {`printf 'update a\ncreate b\n' >plan.txt`, "changes=2\n", false},
		"none":    {`>plan.txt`, "changes=0\n", false},
		"failed":  {`exit 2`, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			folder := commandsOf(t, "bash", "cat", "wc")
			fakeCommand(t, folder, "make", `[[ "$*" == "plan STACK=onprem LAB=off OUT=plan.txt" ]] || exit 9; `+c.make)
			run := script(t, "/bin/bash", "-e", "-c", step)
			output, summary := filepath.Join(folder, "output"), filepath.Join(folder, "summary")
			run.Dir, run.Env = folder, []string{"PATH=" + folder, "STACK=onprem", "GITHUB_OUTPUT=" + output, "GITHUB_STEP_SUMMARY=" + summary}
			printed, err := run.CombinedOutput()
			got, _ := os.ReadFile(output) // missing: the step failed before
			if (err != nil) != c.fails || string(got) != c.output {
				t.Errorf("output %q, want %q (%v):\n%s", got, c.output, err, printed)
			}
			if shown, _ := os.ReadFile(summary); c.output == "changes=2\n" && !strings.Contains(string(shown), "update a\ncreate b\n") {
				t.Errorf("the summary is %q", shown)
			}
		})
	}
}

// deploy.sh deploys the newest commit of main, and only what was approved.
func testDeploy(t *testing.T, step string) {
	const plan = "update backend spec.replicas\n"
	for name, c := range map[string]struct {
		newest, now string
		says        string // empty: it deploys
	}{
		"approved":        {"abc", plan, ""},
		"a newer commit":  {"def", plan, "main is at def"},
		"another change":  {"abc", plan + "delete frontend\n", "+delete frontend"},
		"nothing is left": {"abc", "", "-update backend"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := commandsOf(t, "bash", "diff", "mktemp", "rm")
			fakeCommand(t, folder, "git", "echo abc")
			fakeCommand(t, folder, "gh", `[[ "$*" == "api repos/o/r/commits/main --jq .sha" ]] && echo "$NEWEST"`)
			fakeCommand(t, folder, "make", `case "$1" in plan) printf %s "$NOW" >"${4#OUT=}" ;; *) echo "deployed: $*" ;; esac`)
			work := t.TempDir()
			if err := os.MkdirAll(filepath.Join(work, "plan"), 0o700); err != nil {
				t.Fatal(err)
			}
			testfile.Write(t, filepath.Join(work, "plan", "plan.txt"), plan)
			run := script(t, "/bin/bash", "-e", "-c", step)
			run.Dir = ".." // the checkout
			run.Env = []string{"PATH=" + folder, "GITHUB_REPOSITORY=o/r", "RUNNER_TEMP=" + work, "NEWEST=" + c.newest, "NOW=" + c.now}
			out, err := run.CombinedOutput()
			printed := string(out)
			deployed := strings.Contains(printed, "deployed: up STACK=onprem LAB=off")
			if deployed != (c.says == "") || (err == nil) != deployed || !strings.Contains(printed, c.says) {
				t.Errorf("%v:\n%s", err, printed)
			}
		})
	}
}
