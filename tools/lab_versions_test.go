package tools_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// Each verb refuses a version of Kubernetes that the lab does not have, and lists those that it has.
func TestLabRefusesUnknownVersion(t *testing.T) {
	t.Parallel()
	for _, minor := range []string{"1.20", "1.360", "v1.36.3"} {
		c := script(t, "../lab/lab", "status")
		c.Env = []string{"PATH=" + os.Getenv("PATH"), "HANKKI_CACHE=" + t.TempDir(), "KUBERNETES=" + minor}
		output, err := c.CombinedOutput()
		if err == nil || !strings.HasPrefix(string(output), "lab: KUBERNETES="+minor+": ") {
			t.Errorf("%s: %v, output: %s", minor, err, output)
		}
		for known := range labModules(t) {
			if !strings.Contains(string(output), " "+known) {
				t.Errorf("%s is not in the output: %s", known, output)
			}
		}
	}
}

// A running lab keeps its version of Kubernetes: `up` without a version accepts it, and `up` with another one is refused.
func TestLabUpRefusesAnotherVersionThanTheRunningOne(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	testfile.Write(t, filepath.Join(folder, "ready"), "")
	testfile.Write(t, filepath.Join(folder, "nodes/cp/kubernetes"), "1.35\n")
	for _, up := range []struct{ version, want string }{
		{"", "The lab is already running"},
		{"1.35", "The lab is already running"},
		{"1.36", "lab: up: the running lab has Kubernetes 1.35, not 1.36; "},
	} {
		c := script(t, "/bin/bash", "-euo", "pipefail", "-c", `here=../lab
for part in common machine versions up; do source "../lab/lib/$part.sh"; done
lab_owner() { echo "$HANKKI_LAB"; }
lab_lives() { true; }
choose_version
lab_up`)
		c.Env = []string{"PATH=" + os.Getenv("PATH"), "HANKKI_LAB=" + folder, "HANKKI_CACHE=" + folder, "KUBERNETES=" + up.version}
		output, err := c.CombinedOutput()
		if refused := strings.HasPrefix(up.want, "lab: "); refused != (err != nil) || !strings.HasPrefix(string(output), up.want) {
			t.Errorf("up with the version %q: %v, want %q in the output: %s", up.version, err, up.want, output)
		}
	}
}
