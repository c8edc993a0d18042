package tools_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"hankki/internal/testfile"
)

// runOf returns the script of a workflow's step.
func runOf(t *testing.T, file, step string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../.github/workflows", file))
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct{ Name, Run string } `json:"steps"`
		} `json:"jobs"`
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	for _, job := range workflow.Jobs {
		for _, s := range job.Steps {
			if s.Name == step {
				return s.Run
			}
		}
	}
	t.Fatalf("%s has no step %q", file, step)
	return ""
}

// The review step runs make for both stacks with the file that is uploaded, and exits with make's exit code. If the review failed,
// the file has the end of its output.
func TestReviewStep(t *testing.T) {
	const marker = "<!-- hankki review -->\n"
	long := strings.Repeat("x", 2000)
	for name, c := range map[string]struct {
		make string
		code int
		want []string // parts of the uploaded file, in their order
	}{
		"reviewed":  {`echo '<!-- hankki review -->' >review.md`, 0, []string{marker}},
		"stopped":   {`echo '<!-- hankki review -->' >review.md; echo stopped >&2; exit 2`, 2, []string{marker}},
		"failed":    {`>review.md; echo 'hankki: stack dev at 1234 can'"'"'t be rendered:' >&2; echo '@cook </pre>' >&2; exit 2`, 2, []string{marker, "\n\n    hankki: stack dev at 1234 can't be rendered:\n    @cook </pre>\n"}},
		"no tools":  {`echo 'no module' >&2; exit 2`, 2, []string{marker, "\n\n    no module\n"}},
		"much text": {`for i in {1..99}; do echo "$i ` + long + `" >&2; done; exit 2`, 2, []string{marker, "\n    50 x", "\n    99 x"}},
	} {
		t.Run(name, func(t *testing.T) {
			folder := commandsOf(t, "bash", "tee", "tail", "cut", "sed")
			fakeCommand(t, folder, "make", `echo "make $*" >called; `+c.make)
			step := script(t, "/bin/bash", "-e", "-c", runOf(t, "review.yml", "Review"))
			step.Dir, step.Env = folder, []string{"PATH=" + folder, "BASE=1234"}
			if printed, err := step.CombinedOutput(); step.ProcessState.ExitCode() != c.code {
				t.Errorf("%v, want the exit code %d:\n%s", err, c.code, printed)
			}
			if got := testfile.Read(t, filepath.Join(folder, "called")); got != "make review BASE=1234 STACK=dev,onprem FORM=markdown OUT=review.md LAB=off\n" {
				t.Errorf("called is %q", got)
			}
			text := testfile.Read(t, filepath.Join(folder, "review.md"))
			rest := text
			for _, part := range c.want {
				_, after, found := strings.Cut(rest, part)
				if !found {
					t.Fatalf("%q is missing in\n%s", part, text)
				}
				rest = after
			}
			if !strings.HasPrefix(text, marker) || len(text) > 65536 {
				t.Errorf("no comment can have these %d bytes:\n%s", len(text), text)
			}
		})
	}
}

// gh is a fake of the command gh. It answers the two queries and records the changes.
const gh = `case "$*" in
  *"/pulls "*) echo "$PULLS" ;;
  *--paginate*) echo "$COMMENTS" ;;
  *) echo "$*" >>"$DONE" ;;
esac`

// comment.sh posts to the pull request of the reviewed commit: it creates a comment or updates the existing one.
func TestComment(t *testing.T) {
	for name, c := range map[string]struct {
		text, pulls, comments string
		does                  string // empty: no change
		fails                 bool
	}{
		"new":                    {"<!-- hankki review -->\nhi\n", "7", "", "--method POST repos/o/r/issues/7/comments", false},
		"existing":               {"<!-- hankki review -->\nhi\n", "7", "42\n43", "--method PATCH repos/o/r/issues/comments/42", false},
		"a newer commit":         {"<!-- hankki review -->\nhi\n", "", "", "", false},
		"not a review":           {"hello\n<!-- hankki review -->\n", "7", "", "", true},
		"too long for a comment": {"<!-- hankki review -->\n" + strings.Repeat("x", 65536), "7", "", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			folder := commandsOf(t, "bash", "head", "wc")
			fakeCommand(t, folder, "gh", gh)
			done := filepath.Join(folder, "done")
			work := t.TempDir()
			if err := os.MkdirAll(filepath.Join(work, "review"), 0o700); err != nil {
				t.Fatal(err)
			}
			testfile.Write(t, filepath.Join(work, "review", "review.md"), c.text)
			run := script(t, "/bin/bash", "-e", "-c", runOf(t, "review-comment.yml", "Comment"))
			run.Dir = ".." // the checkout
			run.Env = []string{"PATH=" + folder, "GITHUB_REPOSITORY=o/r", "RUNNER_TEMP=" + work, "HEAD_SHA=abc", "HEAD_OWNER=cook",
				"HEAD_BRANCH=soup", "PULLS=" + c.pulls, "COMMENTS=" + c.comments, "DONE=" + done}
			printed, err := run.CombinedOutput()
			changes, _ := os.ReadFile(done) // missing: no change was made
			if (err != nil) != c.fails || c.does == "" && len(changes) > 0 || !strings.Contains(string(changes), c.does) {
				t.Errorf("changes %q, want %q (%v):\n%s", changes, c.does, err, printed)
			}
		})
	}
}
