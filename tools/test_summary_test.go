package tools_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// test-summary.sh passes on the runner's output and writes its summary lines to a file, for the end of `make test`.
func TestSummary(t *testing.T) {
	for name, c := range map[string]struct{ output, want, durations string }{
		"go": {
			"ok  \thankki\t1.2s\n?   \thankki/e2e\t[no test files]\n--- FAIL: TestX (0.00s)\nFAIL\thankki/internal/config\t0.1s\nFAIL\n",
			"ok  \thankki\t1.2s\nFAIL\thankki/internal/config\t0.1s\nFAIL\n",
			"1.2 hankki|0.0 TestX",
		},
		"go test -v": {
			"=== RUN   TestX\n    x_test.go:1: ok is what it is\n--- PASS: TestX (1.00s)\nPASS\nok  \thankki/e2e\t1.1s\n",
			"PASS\nok  \thankki/e2e\t1.1s\n",
			"1.0 TestX",
		},
		"go test -v with subtests": {
			"=== RUN   TestX\n--- FAIL: TestX (3.50s)\n    --- PASS: TestX/a_step (1.00s)\n    --- FAIL: TestX/another (2.50s)\n        --- FAIL: TestX/another/part (2.40s)\nFAIL\n",
			"FAIL\n",
			"2.4 TestX/another/part|1.0 TestX/a_step",
		},
		"pytest": {
			"======= test session starts =======\n....  [100%]\n==== slowest 10 durations ====\n9.10s call     tests/test_a.py::test_b\n2.00s setup    tests/test_a.py::test_c[x]\n\x1b[32m===== \x1b[32m\x1b[1m4 passed\x1b[0m, \x1b[33m1 skipped\x1b[0m\x1b[32m in 0.31s\x1b[0m\x1b[32m =====\x1b[0m\n",
			"===== 4 passed, 1 skipped in 0.31s =====\n",
			"9.1 tests/test_a.py::test_b|2.0 tests/test_a.py::test_c[x]",
		},
		"vitest": {
			" \x1b[32m✓\x1b[39m tests/a.test.ts \x1b[2m(\x1b[22m\x1b[2m2 tests\x1b[22m\x1b[2m)\x1b[22m\x1b[33m 7724\x1b[2mms\x1b[22m\x1b[39m\n\n\x1b[2m Test Files \x1b[22m \x1b[1m\x1b[32m1 passed\x1b[39m\x1b[22m (1)\n\x1b[2m      Tests \x1b[22m 2 passed (2)\n   Duration  1.0s\n",
			" Test Files  1 passed (1)\n      Tests  2 passed (2)\n",
			"7.7 tests/a.test.ts",
		},
	} {
		t.Run(name, func(t *testing.T) {
			cache := t.TempDir()
			output, status := summary(t, cache, "printf '%s' \"$0\"; exit 3", c.output)
			if !strings.HasPrefix(output, c.output) || status != 3 {
				t.Errorf("exit code %d, want the runner's 3; output:\n%s", status, output)
			}
			lines, err := os.ReadFile(filepath.Join(cache, "test-summary/runner"))
			if err != nil || string(lines) != c.want {
				t.Errorf("the summary is (%v)\n%s\nwant\n%s", err, lines, c.want)
			}
			durations, err := os.ReadFile(filepath.Join(cache, "test-summary/runner.durations"))
			took := strings.Split(strings.ReplaceAll(strings.TrimSpace(string(durations)), "\t", " "), "\n")
			slices.SortFunc(took, func(a, b string) int { return strings.Compare(b, a) })
			if got := strings.Join(took, "|"); err != nil || got != c.durations {
				t.Errorf("the durations are %q (%v), want %q", got, err, c.durations)
			}
		})
	}
}

// The first error of a long test is followed by the output of its clean-up. CI keeps only the end of an output.
func TestSummaryRepeatsTheErrors(t *testing.T) {
	cache := t.TempDir()
	kept := filepath.Join(cache, "test-summary/runner.failed")
	cleanUp := strings.Repeat("deleting an object\n", 300)
	for name, failure := range map[string]string{
		"go":         "    x_test.go:12: changed 3 objects, want 2\n",
		"playwright": "  1) [lighthouse] › lighthouse.spec.ts:58:3 › Lighthouse: recipes ───\n    Error: performance of recipes\n",
		"pytest":     "FAILED tests/test_a.py::test_b - assert 1 == 2\n",
		"fixture":    "ERROR tests/test_a.py::test_b - OSError: [Errno 39] Directory not empty\n",
		"vitest":     " FAIL  tests/a.test.ts > adds an item\n",
	} {
		t.Run(name, func(t *testing.T) {
			output, status := summary(t, cache, "printf '%s' \"$0\"; exit 1", failure+cleanUp)
			if want := "\n== the errors of runner (the whole output is in " + kept + ")\n" + failure; !strings.HasSuffix(output, want) || status != 1 {
				t.Errorf("exit code %d, output does not end with %q:\n%s", status, want, output)
			}
			if whole, err := os.ReadFile(kept); err != nil || string(whole) != failure+cleanUp {
				t.Errorf("the whole output is (%v):\n%s", err, whole)
			}
		})
	}
	if _, status := summary(t, cache, "true"); status != 0 {
		t.Fatalf("exit code %d", status)
	}
	if _, err := os.Stat(kept); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the output of an earlier failure remains: %v", err)
	}
}

// A run without summary lines removes the summary of the run before.
func TestSummaryOfAnInterruptedRun(t *testing.T) {
	cache := t.TempDir()
	for _, commands := range []string{"echo PASS", "echo hello", "true"} {
		t.Run(commands, func(t *testing.T) {
			if output, status := summary(t, cache, commands); status != 0 {
				t.Fatalf("exit code %d, output:\n%s", status, output)
			}
		})
	}
	if lines, err := os.ReadFile(filepath.Join(cache, "test-summary/runner")); err != nil || len(lines) > 0 {
		t.Errorf("the summary is (%v): %q", err, lines)
	}
}

func summary(t *testing.T, cache, commands string, arguments ...string) (string, int) {
	t.Helper()
	c := script(t, "./test-summary.sh", append([]string{"runner", "bash", "-c", commands}, arguments...)...)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HANKKI_CACHE=" + cache}
	output, err := c.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return strings.ToValidUTF8(string(output), ""), c.ProcessState.ExitCode()
}
