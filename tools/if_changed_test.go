package tools_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// if-changed.sh runs tests again if one of their files changed, and only then.
func TestIfChanged(t *testing.T) {
	checkout, cache := t.TempDir(), t.TempDir()
	write := func(name, content string) { testfile.Write(t, filepath.Join(checkout, name), content) }
	for name, content := range map[string]string{"api/a.py": "a", "api/b.py": "b", "other/c.go": "c", ".gitignore": "*.pyc\n"} {
		write(name, content)
	}
	for _, arguments := range [][]string{{"init", "--quiet"}, {"add", "."}} {
		if output, err := exec.Command("git", append([]string{"-C", checkout}, arguments...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", arguments, err, output)
		}
	}

	expect := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	fresh := ""
	command := "echo the tests run"
	steps := []struct {
		name   string
		change func()
		runs   bool
	}{
		{"the first time", func() {}, true},
		{"unchanged", func() {}, false},
		{"a file that is no input changes", func() { write("other/c.go", "changed") }, false},
		{"an ignored file appears", func() { write("api/a.pyc", "compiled") }, false},
		{"an input changes", func() { write("api/a.py", "changed") }, true},
		{"the changed input is unchanged", func() {}, false},
		{"an untracked file appears", func() { write("api/new.py", "new") }, true},
		{"an input is deleted", func() { expect(t, os.Remove(filepath.Join(checkout, "api/b.py"))) }, true},
		{"an input becomes executable", func() { expect(t, os.Chmod(filepath.Join(checkout, "api/a.py"), 0o755)) }, true},
		{"the command changes", func() { command = "echo the tests run -v" }, true},
		{"FRESH=1", func() { fresh = "1" }, true},
		{"without FRESH", func() { fresh = "" }, false},
		{"the tests fail", func() { command = "echo the tests run; exit 1" }, true},
		{"the tests fail again", func() {}, true},
	}
	path, err := filepath.Abs("if-changed.sh")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			s.change()
			c := exec.Command(path, "api", "api", "bash", "-c", command)
			c.Dir = checkout
			c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "HANKKI_CACHE=" + cache, "FRESH=" + fresh}
			output, err := c.CombinedOutput()
			if failed := strings.Contains(command, "exit 1"); (err != nil) != failed {
				t.Fatalf("%v:\n%s", err, output)
			}
			ran, said := strings.Contains(string(output), "the tests run"), strings.HasPrefix(string(output), "unchanged: api passed on this machine at ")
			if ran != s.runs || said == s.runs {
				t.Errorf("ran: %t, want %t; output:\n%s", ran, s.runs, output)
			}
		})
	}
}

// The summary at the end of `make test` names tests that did not run again, once.
func TestIfChangedKeepsTheSummary(t *testing.T) {
	cache := t.TempDir()
	summary := filepath.Join(cache, "test-summary/api")
	for range 3 {
		c := script(t, "./if-changed.sh", "api", "if_changed_test.go", "./test-summary.sh", "api", "echo", "===== 4 passed in 0.31s =====")
		c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "HANKKI_CACHE=" + cache}
		if output, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v:\n%s", err, output)
		}
	}
	lines, err := os.ReadFile(summary)
	if got := strings.Split(string(lines), "\n"); err != nil || len(got) != 3 || !strings.HasPrefix(got[0], "unchanged: api ") || got[1] != "===== 4 passed in 0.31s =====" {
		t.Errorf("the summary is (%v):\n%s", err, lines)
	}
}
