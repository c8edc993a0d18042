package tools_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// Each verb of lab/lab has the function that its `case` calls: a renamed function fails only when its verb runs.
func TestEachLabVerbHasItsFunction(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../lab/lib/*.sh")
	if err != nil {
		t.Fatal(err)
	}
	lab := testfile.Read(t, "../lab/lab")
	text := lab
	for _, file := range files {
		text += testfile.Read(t, file)
	}
	verbs := 0
	for _, branch := range regexp.MustCompile(`(?m)^  ([a-z][a-z |-]*)\)`).FindAllStringSubmatch(lab, -1) {
		for verb := range strings.SplitSeq(branch[1], " | ") {
			if slices.Contains([]string{"exec", "help", "-h", "--help"}, verb) {
				continue // in_host and usage
			}
			verbs++
			if !regexp.MustCompile(`(?m)^(lab|host)_` + strings.ReplaceAll(verb, "-", "_") + `\(\)`).MatchString(text) {
				t.Errorf("the verb %s has no function", verb)
			}
		}
	}
	if verbs < 15 {
		t.Errorf("only %d verbs are found", verbs)
	}
}
