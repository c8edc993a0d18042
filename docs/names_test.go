package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hankki/e2e/change"
	"hankki/internal/testfile"
)

var (
	fence       = regexp.MustCompile("(?ms)^ *```sh\n(.*?)^ *```")
	makeCall    = regexp.MustCompile(`(?m)(?:^ *|[;&(] *)make((?: +[A-Za-z][\w-]*(?:=(?:'[^']*'|"[^"]*"|\S+))?)+)`)
	makeTarget  = regexp.MustCompile(`(?m)^([a-z][\w-]*)(?: [a-z][\w -]*)?:(?:[^=]|$)`)
	testName    = regexp.MustCompile(`\bTest[A-Z]\w+`)
	testFunc    = regexp.MustCompile(`(?m)^func (Test[A-Z]\w+)\(`)
	path        = regexp.MustCompile(`^[\w.*-]+(?:/[\w.*-]+)+/?$`)
	placeholder = regexp.MustCompile(`\b[A-Z]{3,}\b`)
	projectKey  = regexp.MustCompile(`\bhankki:([a-zA-Z]\w*(?:\.\w+)*)(?:[^:\w]|$)`) // not a type, such as hankki:components:MetalLB
	setting     = regexp.MustCompile(`\w+=(?:'[^']*'|"[^"]*"|\S+)`)
	fileName    = regexp.MustCompile(`\.(?:go|sh|crt|key)$`)
	dotted      = regexp.MustCompile(`^[a-zA-Z]\w*(?:\.\w+)+$`)
	declared    = regexp.MustCompile(`(?m)^  hankki:(\w+):`)
)

// A renamed target, test, file or key must be renamed in the documents too.
func TestDocumentsNameWhatExists(t *testing.T) {
	keys := keys(t)
	named := map[string]func(code string) []string{ // the names in a code span or in a block of shell commands
		"make target": func(code string) (names []string) {
			for _, call := range makeCall.FindAllStringSubmatch(code, -1) {
				names = append(names, strings.Fields(setting.ReplaceAllString(call[1], ""))...)
			}
			return names
		},
		"Go test": func(code string) []string { return testName.FindAllString(code, -1) },
		"file": func(code string) []string {
			word, _, _ := strings.Cut(code, " ")
			folder, _, _ := strings.Cut(word, "/")
			if _, err := os.Stat(filepath.Join(root, folder)); err != nil || !path.MatchString(word) || placeholder.MatchString(word) {
				return nil
			}
			return []string{word}
		},
		"key": func(code string) (names []string) {
			for _, key := range projectKey.FindAllStringSubmatch(code, -1) {
				names = append(names, key[1])
			}
			if object, _, _ := strings.Cut(code, "."); dotted.MatchString(code) && !fileName.MatchString(code) && slices.Contains(keys, object) {
				names = append(names, code)
			}
			return names
		},
	}
	exists := map[string]func(name string) bool{
		"make target": contains(makeTargets(t)),
		"Go test":     contains(goTests(t)),
		"file": func(name string) bool {
			found, err := filepath.Glob(filepath.Join(root, name))
			return err == nil && len(found) > 0
		},
		"key": contains(keys),
	}
	for kind, namesOf := range named {
		t.Run(kind, func(t *testing.T) {
			count := 0
			for _, document := range markdownFiles(t) {
				for _, code := range codes(t, document) {
					for _, name := range namesOf(code) {
						count++
						if !exists[kind](name) {
							t.Errorf("%s names the %s %s, which does not exist", document, kind, name)
						}
					}
				}
			}
			if count < 10 {
				t.Errorf("found only %d names", count)
			}
		})
	}
}

func contains(names []string) func(name string) bool {
	return func(name string) bool { return slices.Contains(names, name) }
}

// codes are the code spans and the blocks of shell commands of a document.
func codes(t *testing.T, document string) (all []string) {
	t.Helper()
	text := testfile.Read(t, document)
	for _, block := range fence.FindAllStringSubmatch(text, -1) {
		all = append(all, block[1])
	}
	for line := range strings.Lines(text) {
		for _, match := range span.FindAllStringSubmatch(line, -1) {
			all = append(all, match[1])
		}
	}
	return all
}

func makeTargets(t *testing.T) (names []string) {
	t.Helper()
	for _, file := range []string{"Makefile", "tests.mk", "tools/tools.mk"} {
		for _, match := range makeTarget.FindAllStringSubmatch(testfile.Read(t, filepath.Join(root, file)), -1) {
			names = append(names, match[1])
		}
	}
	return names
}

func goTests(t *testing.T) (names []string) {
	t.Helper()
	for _, pattern := range []string{"*", "*/*", "*/*/*", "*/*/*/*"} {
		files, err := filepath.Glob(filepath.Join(root, pattern+"_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			for _, match := range testFunc.FindAllStringSubmatch(testfile.Read(t, file), -1) {
				names = append(names, match[1])
			}
		}
	}
	return names
}

// keys are the keys of a stack by full path, and the objects that contain them.
func keys(t *testing.T) (names []string) {
	t.Helper()
	var all []string
	for _, match := range declared.FindAllStringSubmatch(testfile.Read(t, filepath.Join(root, "Pulumi.yaml")), -1) {
		all = append(all, match[1])
	}
	for _, key := range change.Keys(all) {
		for names = append(names, key); strings.Contains(key, "."); names = append(names, key) {
			key = key[:strings.LastIndex(key, ".")]
		}
	}
	return names
}
