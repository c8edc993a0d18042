package tools_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What a runner says goes on as it comes, and the lines that sum it up are kept for the end of `make test`.
func TestClosing(t *testing.T) {
	for name, c := range map[string]struct{ said, want string }{
		"go": {
			"ok  \thankki\t1.2s\n?   \thankki/e2e\t[no test files]\n--- FAIL: TestX (0.00s)\nFAIL\thankki/internal/config\t0.1s\nFAIL\n",
			"ok  \thankki\t1.2s\nFAIL\thankki/internal/config\t0.1s\nFAIL\n",
		},
		"go test -v": {
			"=== RUN   TestX\n    x_test.go:1: ok is what it is\n--- PASS: TestX (1.00s)\nPASS\nok  \thankki/e2e\t1.1s\n",
			"PASS\nok  \thankki/e2e\t1.1s\n",
		},
		"pytest": {
			"======= test session starts =======\n....  [100%]\n\x1b[32m===== \x1b[32m\x1b[1m4 passed\x1b[0m, \x1b[33m1 skipped\x1b[0m\x1b[32m in 0.31s\x1b[0m\x1b[32m =====\x1b[0m\n",
			"===== 4 passed, 1 skipped in 0.31s =====\n",
		},
		"vitest": {
			" \x1b[32m✓\x1b[39m tests/a.test.ts (2 tests)\n\n\x1b[2m Test Files \x1b[22m \x1b[1m\x1b[32m1 passed\x1b[39m\x1b[22m (1)\n\x1b[2m      Tests \x1b[22m 2 passed (2)\n   Duration  1.0s\n",
			" Test Files  1 passed (1)\n      Tests  2 passed (2)\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			cache := t.TempDir()
			said, status := closing(t, cache, "printf '%s' \"$0\"; exit 3", c.said)
			if said != c.said || status != 3 {
				t.Errorf("exit code %d, want the runner's 3; said:\n%s", status, said)
			}
			kept, err := os.ReadFile(filepath.Join(cache, "closing/runner"))
			if err != nil || string(kept) != c.want {
				t.Errorf("kept (%v)\n%s\nwant\n%s", err, kept, c.want)
			}
		})
	}
}

// A runner that comes to no end leaves nothing of the run before.
func TestClosingOfNothing(t *testing.T) {
	cache := t.TempDir()
	for _, commands := range []string{"echo PASS", "echo hello", "true"} {
		if said, status := closing(t, cache, commands); status != 0 {
			t.Fatalf("%s: exit code %d, said:\n%s", commands, status, said)
		}
	}
	if kept, err := os.ReadFile(filepath.Join(cache, "closing/runner")); err != nil || len(kept) > 0 {
		t.Errorf("kept (%v): %q", err, kept)
	}
}

func closing(t *testing.T, cache, commands string, arguments ...string) (string, int) {
	t.Helper()
	c := script(t, "./closing.sh", append([]string{"runner", "bash", "-c", commands}, arguments...)...)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HANKKI_CACHE=" + cache}
	said, err := c.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return strings.ToValidUTF8(string(said), ""), c.ProcessState.ExitCode()
}
