package tools_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// The review step runs make for both stacks with the file that is uploaded, and exits with make's exit code. If the review failed,
// the file has the end of its output.
func testReviewStep(t *testing.T, step string) {
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
			run := script(t, "/bin/bash", "-e", "-c", step)
			run.Dir, run.Env = folder, []string{"PATH=" + folder, "BASE=1234"}
			if printed, err := run.CombinedOutput(); run.ProcessState.ExitCode() != c.code {
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

// preview-comment.sh creates or updates the stack's comment. It has the job's status, and the output up to the size of a comment.
func testPreviewComment(t *testing.T, step string) {
	const begin, end = "<!-- preview of dev -->\n### `pulumi preview` of `dev`: failure\n<details><summary>diff</summary>\n\n````\n", "\n````\n</details>\n"
	for name, c := range map[string]struct {
		printed, comments string // printed: empty: the step before wrote no file
		does, text        string
	}{
		"new":      {"+ Service 한끼", "", "--method POST repos/o/r/issues/7/comments", begin + "+ Service 한끼" + end},
		"existing": {"soup", "42\n43", "--method PATCH repos/o/r/issues/comments/42", begin + "soup" + end},
		"nothing":  {"", "", "--method POST repos/o/r/issues/7/comments", begin + "nothing was printed" + end},
		"long":     {strings.Repeat("한", 60001), "", "--method POST", begin + strings.Repeat("한", 60000) + "\n… the rest is in the log of the job" + end},
	} {
		t.Run(name, func(t *testing.T) {
			folder := commandsOf(t, "bash", "cat", "dirname", "head", "mktemp", "rm", "wc")
			work := t.TempDir()
			fakeCommand(t, folder, "gh", strings.Replace(gh, `echo "$*" >>"$DONE"`, `echo "$*" >>"$DONE"; arguments="$*"; file=${arguments#*body=@}; cat "${file% --silent}" >"$POSTED"`, 1))
			done, posted, file := filepath.Join(work, "done"), filepath.Join(work, "posted"), filepath.Join(work, "preview.txt")
			if c.printed != "" {
				testfile.Write(t, file, c.printed)
			}
			run := script(t, "/bin/bash", "-e", "-c", strings.ReplaceAll(step, "preview.txt", file))
			run.Dir = ".." // the checkout
			run.Env = []string{"PATH=" + folder, "TMPDIR=" + work, "GITHUB_REPOSITORY=o/r", "NUMBER=7", "STACK=dev", "OUTCOME=failure",
				"COMMENTS=" + c.comments, "DONE=" + done, "POSTED=" + posted}
			if printed, err := run.CombinedOutput(); err != nil {
				t.Fatalf("%v:\n%s", err, printed)
			}
			if does := testfile.Read(t, done); !strings.Contains(does, c.does) {
				t.Errorf("changes %q, want %q", does, c.does)
			}
			if text := testfile.Read(t, posted); text != c.text {
				t.Errorf("the comment is\n%q, want\n%q", text, c.text)
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
func testReviewComment(t *testing.T, step string) {
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
			folder := commandsOf(t, "bash", "dirname", "head", "wc")
			fakeCommand(t, folder, "gh", gh)
			done := filepath.Join(folder, "done")
			work := t.TempDir()
			if err := os.MkdirAll(filepath.Join(work, "review"), 0o700); err != nil {
				t.Fatal(err)
			}
			testfile.Write(t, filepath.Join(work, "review", "review.md"), c.text)
			run := script(t, "/bin/bash", "-e", "-c", step)
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
