package tools_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// script returns a command that runs a script of this checkout. Go caches a test's result as long as the files that the test has read
// are unchanged, so script reads the script's folder: otherwise a changed script would not run the test again.
func script(t *testing.T, path string, arguments ...string) *exec.Cmd {
	t.Helper()
	if _, err := os.ReadDir(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	return exec.Command(path, arguments...)
}

// commandsOf returns a folder for PATH that has only the named commands of the machine.
func commandsOf(t *testing.T, names ...string) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// fakeCommand writes a command to the folder: a bash script with the text.
func fakeCommand(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/bash\n"+text+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
}
