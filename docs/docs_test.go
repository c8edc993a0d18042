// Package docs_test checks the documents: their links, and the list of decisions.
package docs_test

import (
	"go/build"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"hankki/internal/testfile"
)

const root = ".."

var (
	link     = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	markup   = regexp.MustCompile("`|\\*\\*|\\]\\([^)]*\\)|\\[")
	span     = regexp.MustCompile("`([^`]+)`")
	decision = regexp.MustCompile(`^(\d{4})-.*\.md$`)
)

func TestLinksLeadSomewhere(t *testing.T) {
	documents := markdownFiles(t)
	if len(documents) < 20 {
		t.Fatalf("found only %v", documents)
	}
	for _, document := range documents {
		for _, target := range targets(t, document) {
			path, anchor, _ := strings.Cut(target, "#")
			file := document
			if path != "" {
				file = filepath.Join(filepath.Dir(document), path)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s links %s: %v", document, target, err)
			} else if anchor != "" && !anchors(t, file)[anchor] {
				t.Errorf("%s links %s, but %s has no heading #%s", document, target, file, anchor)
			}
		}
	}
}

// Compilers find a conflict of a merge in code; nothing else finds one in a document.
func TestNoConflictIsLeft(t *testing.T) {
	for _, document := range markdownFiles(t) {
		for line := range strings.Lines(testfile.Read(t, document)) {
			if strings.HasPrefix(line, "<<<<<<< ") || strings.HasPrefix(line, ">>>>>>> ") {
				t.Errorf("%s has a conflict: %s", document, line)
			}
		}
	}
}

// The row of a decision is [NUMBER](FILE) | TITLE, with the title of the decision's own page.
func TestEachDecisionIsListed(t *testing.T) {
	list := testfile.Read(t, filepath.Join(root, "docs/decisions/README.md"))
	files, err := os.ReadDir(filepath.Join(root, "docs/decisions"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		number := decision.FindStringSubmatch(file.Name())
		if number == nil {
			continue
		}
		title, _, _ := strings.Cut(strings.TrimPrefix(testfile.Read(t, filepath.Join(root, "docs/decisions", file.Name())), "# "), "\n")
		row := "| [" + strings.TrimLeft(number[1], "0") + "](" + file.Name() + ") | " + title + " | "
		if !strings.Contains(list, row) {
			t.Errorf("docs/decisions/README.md has no row that begins with %q", row)
		}
	}
}

// otherOutput is output of other programs.
var otherOutput = []string{"No space left on device", "immutable file modified"}

// An operator searches the documents for the words of an output, so they must be those of the sources.
func TestQuotedOutputsAreInTheSources(t *testing.T) {
	sources, count := testfile.Sources(t, root), 0
	for _, document := range markdownFiles(t) {
		for _, quote := range quotes(t, document) {
			count++
			for part := range strings.SplitSeq(quote, "…") {
				if !strings.Contains(sources, part) && !slices.Contains(otherOutput, part) {
					t.Errorf("%s quotes the output %q, but no source contains %q", document, quote, part)
				}
			}
		}
	}
	if count < 20 {
		t.Errorf("found only %d quoted outputs", count)
	}
}

// quotes are the outputs that a document quotes as code, with "…" in place of values: in the first column of a table with the
// header "output" or "reason", in a line that begins with "- **Symptom", and after "the warning".
func quotes(t *testing.T, document string) (all []string) {
	t.Helper()
	table := false
	for line := range strings.Lines(testfile.Read(t, document)) {
		text := ""
		switch {
		case strings.HasPrefix(line, "| output |"), strings.HasPrefix(line, "| reason |"):
			table = true
		case !strings.HasPrefix(line, "|"):
			table = false
			if strings.HasPrefix(line, "- **Symptom") {
				text = line
			} else if _, warning, found := strings.Cut(line, "he warning `"); found {
				text, _, _ = strings.Cut("`"+warning, "` ")
				text += "`"
			}
		case table:
			text = strings.Split(line, "|")[1]
		}
		for _, match := range span.FindAllStringSubmatch(text, -1) {
			all = append(all, match[1])
		}
	}
	return all
}

// The table of packages in architecture.md has every package, and the packages of this module that it imports.
func TestPackagesUseWhatTheirTableAllows(t *testing.T) {
	listed := map[string]bool{}
	for line := range strings.Lines(testfile.Read(t, filepath.Join(root, "docs/architecture.md"))) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			continue
		}
		row, imported, allowed := map[string]bool{}, map[string]bool{}, map[string]bool{}
		for _, name := range span.FindAllStringSubmatch(cells[1], -1) {
			row[filepath.Base(name[1])], listed[filepath.Base(name[1])] = true, true
		}
		for _, name := range span.FindAllStringSubmatch(cells[3], -1) {
			allowed[name[1]] = true
		}
		for name := range row {
			for _, path := range imports(t, name) {
				if own := filepath.Base(path); strings.HasPrefix(path, "hankki/") && !row[own] {
					imported[own] = true
				}
			}
		}
		if !maps.Equal(imported, allowed) {
			t.Errorf("the row %s lists %v, but the packages import %v", cells[1], slices.Sorted(maps.Keys(allowed)), slices.Sorted(maps.Keys(imported)))
		}
	}
	folders, err := os.ReadDir(filepath.Join(root, "internal"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if name := folder.Name(); !listed[name] && !strings.Contains(name, "test") {
			t.Errorf("docs/architecture.md has no row for internal/%s", name)
		}
	}
}

// imports are the imports of a package without those of its tests; none for a folder without Go files. The name main.go is the
// package of the root.
func imports(t *testing.T, name string) []string {
	t.Helper()
	for _, folder := range []string{"internal", "cmd", "."} {
		path := filepath.Join(root, folder, strings.TrimSuffix(name, "main.go"))
		if folder == "." || name != "main.go" {
			if found, err := build.ImportDir(path, 0); err == nil {
				return found.Imports
			}
		}
	}
	return nil
}

// markdownFiles are the Markdown files of the repository, without those of installed packages.
func markdownFiles(t *testing.T) (files []string) {
	t.Helper()
	if err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && (name == "node_modules" || name == "testdata" || path != root && strings.HasPrefix(name, ".")):
			return filepath.SkipDir
		case strings.HasSuffix(name, ".md"):
			files = append(files, path)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return files
}

// targets are the links of a document to files of the repository.
func targets(t *testing.T, document string) (all []string) {
	t.Helper()
	for _, match := range link.FindAllStringSubmatch(testfile.Read(t, document), -1) {
		target, err := url.Parse(match[1])
		if err != nil {
			t.Errorf("%s links %s: %v", document, match[1], err)
		} else if target.Scheme == "" {
			all = append(all, match[1])
		}
	}
	return all
}

// anchors are the headings of a document in the form in which GitHub links them.
func anchors(t *testing.T, document string) map[string]bool {
	t.Helper()
	all, code := map[string]bool{}, false
	for line := range strings.Lines(testfile.Read(t, document)) {
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		if title := strings.TrimLeft(line, "#"); !code && title != line && strings.HasPrefix(title, " ") {
			all[slug(strings.TrimSpace(title))] = true
		}
	}
	return all
}

func slug(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, markup.ReplaceAllString(title, ""))
}
