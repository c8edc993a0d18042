package tools_test

import (
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// Make executes a recipe that has $(MAKE), even with --dry-run: `make -n promote YES=1` would promote.
func TestDryRunExecutesNothing(t *testing.T) {
	for _, file := range []string{"../Makefile", "../tests.mk", "../tools/tools.mk"} {
		for number, line := range strings.Split(testfile.Read(t, file), "\n") {
			if !strings.HasPrefix(line, "make := ") && (strings.Contains(line, "$(MAKE)") || strings.Contains(line, "${MAKE}")) {
				t.Errorf("%s:%d: write $(make): %s", file, number+1, line)
			}
		}
	}
	if commands := dryRun(t, "promote", "FROM=dev", "TO=onprem", "YES=1"); !strings.Contains(commands, "hankki promote --cwd ") {
		t.Errorf("make -n promote prints\n%s", commands)
	}
}
