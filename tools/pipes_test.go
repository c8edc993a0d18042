package tools_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// With `set -o pipefail`, a pipe fails with status 141 (SIGPIPE) if its last command stops reading before the first one has written
// everything. Whether it does depends on timing and on the size of the output, so such a pipe fails once in many runs.
func TestNoPipeStopsReadingEarly(t *testing.T) {
	early := regexp.MustCompile(`\|\s*(head\b|grep\s+(-\S+\s+)*(-[a-zA-Z]*[qm]|--quiet|--silent|--max-count)|sed\s[^|]*\bq\b|awk\s[^|]*\bexit\b)`)
	files, err := exec.Command("git", "-C", "..", "grep", "-lE", "pipefail|^# shellcheck shell=bash", "--", ":!*.go", ":!*.md", ":!*.golden.yaml").Output()
	if err != nil {
		t.Fatal(err)
	}
	names := append(strings.Fields(string(files)), "tests.mk", "tools/tools.mk") // the Makefile sets pipefail for the files that it includes
	if len(names) < 20 {
		t.Fatalf("only %d scripts found: %q", len(names), names)
	}
	for _, name := range names {
		text, err := os.ReadFile("../" + name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if early.MatchString(line) {
				t.Errorf("%s:%d: this pipe can end with status 141; write `grep … >/dev/null` or `sed -n 1,10p`:\n%s", name, i+1, line)
			}
		}
	}
}
