package tools_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// With FORM, progress of the lab, the packages and the builds is on the standard error; without it, on the standard output.
func TestProgressIsNotInTheResult(t *testing.T) {
	recipes := filepath.Join(t.TempDir(), "recipes.mk") // replaces the recipes; the dependencies remain
	testfile.Write(t, recipes, `
preflight packages cli-packages tools program command lab-build lab-up stage:
	@echo progress of $@
plan:
	@echo result
`)
	for arguments, want := range map[string]string{"FORM=json": "result\n", "FORM=json LAB=off": "result\n", "": "progress of stage\nresult\n"} {
		c := exec.Command("make", append([]string{"-f", "Makefile", "-f", recipes, "plan", "HANKKI_CACHE=" + t.TempDir()}, strings.Fields(arguments)...)...)
		c.Dir, c.Env = "..", []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
		var log strings.Builder
		c.Stderr = &log
		out, err := c.Output()
		if err != nil || !strings.HasSuffix(string(out), want) || arguments != "" && string(out) != want {
			t.Errorf("make plan %s prints %q (%v):\n%s", arguments, out, err, log.String())
		}
		if arguments != "" && !strings.Contains(log.String(), "progress of stage\n") || arguments == "FORM=json" && !strings.Contains(log.String(), "progress of lab-up\n") {
			t.Errorf("make plan %s logs\n%s", arguments, log.String())
		}
	}
}
