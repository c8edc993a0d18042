// Package testfile reads and writes files in tests. Each function ends the test if it fails.
package testfile

import (
	"os"
	"path/filepath"
	"testing"
)

// Read returns the content of the file.
func Read(t testing.TB, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Write replaces the content of the file, and creates its folder if it does not exist. Only the current user can access a new
// file (mode 0600) and a new folder (0700).
func Write(t testing.TB, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
