// Package testfile reads and writes files in tests. Each function ends the test if it fails.
package testfile

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Read returns the content of the file.
func Read(tb testing.TB, file string) string {
	tb.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// Sources returns the joined sources of the program and of the images, without tests and comment lines: the Go, Python and shell files in the
// folders cmd, components, internal and images of the repository's root.
func Sources(tb testing.TB, root string) string {
	tb.Helper()
	var all strings.Builder
	for _, folder := range []string{"cmd", "components", "internal", "images"} {
		if err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			name := entry.Name()
			switch {
			case err != nil:
				return err
			case entry.IsDir() && (strings.HasPrefix(name, ".") || slices.Contains([]string{"node_modules", "testdata", "tests"}, name)):
				return filepath.SkipDir
			case !entry.IsDir() && slices.Contains([]string{".go", ".py", ".sh"}, filepath.Ext(name)) && !strings.HasSuffix(name, "_test.go"):
				all.WriteString(withoutComments(Read(tb, path)))
			}
			return nil
		}); err != nil {
			tb.Fatal(err)
		}
	}
	return all.String()
}

func withoutComments(source string) string {
	var all strings.Builder
	for line := range strings.Lines(source) {
		if text := strings.TrimSpace(line); !strings.HasPrefix(text, "//") && !strings.HasPrefix(text, "#") {
			all.WriteString(line)
		}
	}
	return all.String()
}

// Write replaces the content of the file, and creates its folder if it does not exist. Only the current user can access a new
// file (mode 0600) and a new folder (0700).
func Write(tb testing.TB, file, text string) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
}

// Temporary writes a new file with that name and content to a temporary folder, and returns its path.
func Temporary(tb testing.TB, name, text string) string {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), name)
	Write(tb, file, text)
	return file
}
