package buildcontext_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hankki/internal/buildcontext"
	"hankki/internal/testfile"
)

// Only files sent to a builder are listed, including files that are added, removed or made executable.
func TestChanged(t *testing.T) {
	before, after := t.TempDir(), t.TempDir()
	for _, dir := range []string{before, after} {
		for file, text := range map[string]string{".dockerignore": "*\n!app\n", "Dockerfile": "FROM scratch", "README.md": dir, "app/same": "1", "app/run": "1", "app/changed": dir} {
			testfile.Write(t, filepath.Join(dir, file), text)
		}
	}
	testfile.Write(t, filepath.Join(after, "app/new"), "1")
	if err := os.Chmod(filepath.Join(after, "app/run"), 0o700); err != nil {
		t.Fatal(err)
	}
	got, err := buildcontext.Changed(before, after)
	if want := []string{"app/changed", "app/new", "app/run"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, want %v (%v)", got, want, err)
	}
	if got, err = buildcontext.Changed(filepath.Join(before, "none"), before); err != nil || len(got) != 4 {
		t.Errorf("compared with a missing context: %v (%v)", got, err)
	}
}
