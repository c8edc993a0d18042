package tools_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// labVerbs returns the verbs of the `case` in lab/lab, without internal ones and without help.
func labVerbs(t *testing.T, lab string) (verbs []string) {
	t.Helper()
	for _, branch := range regexp.MustCompile(`(?m)^  ([a-z][a-z |-]*)\)`).FindAllStringSubmatch(lab, -1) {
		for verb := range strings.SplitSeq(branch[1], " | ") {
			if !slices.Contains([]string{"help", "-h", "--help"}, verb) {
				verbs = append(verbs, verb)
			}
		}
	}
	if len(verbs) < 15 {
		t.Fatalf("only the verbs %v are found", verbs)
	}
	return verbs
}

// Each verb of lab/lab has the function that its `case` calls, in a file that lab/lab sources: a missing function fails only when
// its verb runs.
func TestEachLabVerbHasItsFunction(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../lab/lib/*.sh")
	if err != nil {
		t.Fatal(err)
	}
	lab := testfile.Read(t, "../lab/lab")
	text := lab
	for _, file := range files {
		if !strings.Contains(lab, `source "$here/lib/`+filepath.Base(file)+"\"\n") {
			t.Errorf("lab/lab does not source %s", file)
			continue
		}
		text += testfile.Read(t, file)
	}
	for _, verb := range labVerbs(t, lab) {
		if verb != "exec" && !regexp.MustCompile(`(?m)^(lab|host)_`+strings.ReplaceAll(verb, "-", "_")+`\(\)`).MatchString(text) {
			t.Errorf("the verb %s has no function", verb) // that of exec is in_host
		}
	}
}

// The row `lib/` of lab/README.md names each file.
func TestEachLabFileIsDocumented(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../lab/lib/*.sh")
	if err != nil || len(files) == 0 {
		t.Fatalf("lab/lib has the files %v: %v", files, err)
	}
	row := regexp.MustCompile("(?m)^\\| `lib/` .*").FindString(testfile.Read(t, "../lab/README.md"))
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".sh"); !strings.Contains(row, "`"+name+"`") {
			t.Errorf("the row lib/ of lab/README.md does not name %s: %s", name, row)
		}
	}
}

// The usage of lab/lab and the table of lab/README.md have each verb.
func TestEachLabVerbIsDocumented(t *testing.T) {
	t.Parallel()
	lab, readme := testfile.Read(t, "../lab/lab"), testfile.Read(t, "../lab/README.md")
	_, usage, _ := strings.Cut(lab, "\nusage() {\n")
	usage, _, ended := strings.Cut(usage, "\nEOF\n")
	if !ended {
		t.Fatal("lab/lab has no text of its usage")
	}
	for _, verb := range labVerbs(t, lab) {
		if !regexp.MustCompile(`(?m)^  ([a-z-]+\|)*` + verb + `(\|| )`).MatchString(usage) {
			t.Errorf("the usage of lab/lab has no line of the verb %s", verb)
		}
		if !regexp.MustCompile("(?m)^\\|.*`" + verb + "[ `]").MatchString(readme) {
			t.Errorf("the table of lab/README.md has no row of the verb %s", verb)
		}
	}
}
