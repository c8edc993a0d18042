package components

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/stacktest"
)

// withModes sets the modes of a checkout's files, like NewImage.
func withModes(t *testing.T, dir string) {
	t.Helper()
	must(t, pulumi.RunErr(func(ctx *pulumi.Context) error { return setModes(ctx, dir) }, pulumi.WithMocks("hankki", "test", stacktest.Engine{})))
}

// checkout creates a build context with a umask.
func checkout(t *testing.T, umask fs.FileMode) string {
	t.Helper()
	dir := newContext(t)
	must(t, os.Chmod(filepath.Join(dir, "run.sh"), 0o755))
	must(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		mode := fs.FileMode(0o666)
		if entry.IsDir() || entry.Name() == "run.sh" {
			mode = 0o777
		}
		return os.Chmod(path, mode&^umask)
	}))
	return dir
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	return info.Mode()
}

func TestModesMatchGit(t *testing.T) {
	hash, source := "", ""
	for _, umask := range []fs.FileMode{0o022, 0o002, 0o077, 0o027} {
		dir := checkout(t, umask)
		must(t, os.Symlink("main.py", filepath.Join(dir, "app/link")))
		ignored := mode(t, filepath.Join(dir, "README.md"))
		withModes(t, dir)
		for path, want := range map[string]fs.FileMode{
			"": 0o755 | fs.ModeDir, "app/db": 0o755 | fs.ModeDir, "app/main.py": 0o644, "Dockerfile": 0o644, "run.sh": 0o755, "README.md": ignored,
		} {
			if got := mode(t, filepath.Join(dir, path)); got != want {
				t.Errorf("umask %#o: %q has the mode %v, not %v", umask, path, got, want)
			}
		}
		h, err := pluginHash(dir)
		must(t, err)
		d := digest(t, dir, bases)
		if hash == "" {
			hash, source = h, d
		}
		if h != hash || d != source {
			t.Errorf("umask %#o makes another image", umask)
		}
	}
}
