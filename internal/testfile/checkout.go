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
// ignored ones. A link is copied as the file that it leads to. It reads each file itself, so that Go repeats a cached test when one
// has changed.
func CopyCheckout(tb testing.TB, checkout, to string, paths ...string) {
	tb.Helper()
	list := exec.CommandContext(tb.Context(), "git", append([]string{"ls-files", "-co", "--exclude-standard", "-z", "--"}, paths...)...) //nolint:gosec // tests pass the paths
	list.Dir = checkout
	names, err := list.Output()
	if err != nil {
		tb.Fatalf("git ls-files in %s: %v", checkout, err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		from, copied := filepath.Join(checkout, name), filepath.Join(to, name)
		info, err := os.Stat(from)
		if errors.Is(err, fs.ErrNotExist) { // deleted, and not committed yet
			continue
		}
		if err != nil || !info.Mode().IsRegular() {
			tb.Fatalf("%s is no file (%v)", name, err)
		}
		if err := os.MkdirAll(filepath.Dir(copied), 0o700); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(copied, []byte(Read(tb, from)), info.Mode()); err != nil {
			tb.Fatal(err)
		}
	}
}
