package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// A source stack that is on the lab is not in the backend of the target. The error names LAB=off.
func TestPromotionOfAStackOnTheLab(t *testing.T) {
	commands, project := t.TempDir(), t.TempDir()
	testfile.Write(t, filepath.Join(project, "Pulumi.yaml"), "name: hankki\nruntime: go\n")
	pulumi := filepath.Join(commands, "pulumi")
	testfile.Write(t, pulumi, `#!/bin/sh
case $1 in
  version) echo v3.259.0 ;;
  *) echo "error: no stack named 'dev' found" >&2; exit 255 ;;
esac
`)
	if err := os.Chmod(pulumi, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", commands+":"+os.Getenv("PATH"))
	var out, log strings.Builder
	code := run([]string{"promote", "--cwd", project, "--from", "dev", "--to", "onprem"}, &out, &log)
	for _, part := range []string{`stack "dev" does not exist in this backend`, "`make up STACK=dev LAB=off`"} {
		if code != failed || !strings.Contains(log.String(), part) {
			t.Errorf("%d: %q is missing in %s", code, part, log.String())
		}
	}
}
