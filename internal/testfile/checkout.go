package testfile

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// CopyCheckout copies the files below those paths of a git checkout, or all if no path is given: uncommitted files too, and no
// ignored ones. It reads each file itself, so that Go repeats a cached test when one has changed.
func CopyCheckout(t testing.TB, checkout, to string, paths ...string) {
	t.Helper()
	list := exec.Command("git", append([]string{"ls-files", "-co", "--exclude-standard", "-z", "--"}, paths...)...)
	list.Dir = checkout
	names, err := list.Output()
	if err != nil {
		t.Fatalf("git ls-files in %s: %v", checkout, err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		from, copied := filepath.Join(checkout, name), filepath.Join(to, name)
		info, err := os.Lstat(from)
		if errors.Is(err, fs.ErrNotExist) { // deleted, and not committed yet
			continue
		}
		if err != nil || !info.Mode().IsRegular() {
			t.Fatalf("%s is no file (%v)", name, err)
		}
		if err := os.MkdirAll(filepath.Dir(copied), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied, []byte(Read(t, from)), info.Mode()); err != nil {
			t.Fatal(err)
		}
	}
}
