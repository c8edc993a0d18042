package tools_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// A tag of an action can be moved to other code, and actionlint accepts tags: each action must be pinned by its commit.
func TestActionsArePinned(t *testing.T) {
	workflows, err := filepath.Glob("../.github/workflows/*.y*ml")
	if err != nil || len(workflows) == 0 {
		t.Fatalf("workflows: %v (%v)", workflows, err)
	}
	pinned := regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40}$`)
	for _, file := range workflows {
		text := testfile.Read(t, file)
		for number, line := range strings.Split(text, "\n") {
			_, action, uses := strings.Cut(line, "uses:")
			if action, _, _ = strings.Cut(action, "#"); uses && !pinned.MatchString(strings.TrimSpace(action)) {
				t.Errorf("%s:%d: %q is not pinned to a commit", file, number+1, strings.TrimSpace(line))
			}
		}
	}
}
