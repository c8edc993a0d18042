package tools_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// script is one of this checkout's. Go keeps a test's result as long as the files are the same that the test has read, so
// the script's folder is read here: otherwise nobody would notice that a script has changed.
func script(t *testing.T, path string, arguments ...string) *exec.Cmd {
	t.Helper()
	if _, err := os.ReadDir(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	return exec.Command(path, arguments...)
}

// commandsOf is a folder for PATH with no other commands than these of the machine's.
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

// stub puts a command into the folder: a script of bash.
func stub(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/bash\n"+text+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
}
