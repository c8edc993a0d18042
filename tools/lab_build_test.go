package tools_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// labBuild runs make_content for one binary and one root file system. The fakes of Go and mmdebstrap each create a file when they
// start, and then run the given commands.
func labBuild(t *testing.T, goBuild, mmdebstrap string) (output string, err error) {
	t.Helper()
	cache, commands := t.TempDir(), t.TempDir()
	testfile.Write(t, filepath.Join(cache, "table"), "etcd cluster go.etcd.io/etcd/server/v3\n")
	fakeCommand(t, commands, "go", `[[ $1 == build ]] || exit 0
touch "$HANKKI_CACHE/go-runs"
while [[ $1 != -o ]]; do shift; done
touch "$2"; chmod +x "$2"
`+goBuild)
	fakeCommand(t, commands, "mmdebstrap", `touch "$HANKKI_CACHE/mmdebstrap-runs"
mkdir "${!#}"
`+mmdebstrap)
	c := script(t, "/bin/bash", "-euo", "pipefail", "-c", `here=$PWD/../lab verb=build
for part in common machine debian mirror build; do source "../lab/lib/$part.sh"; done
no_images() { :; }
make_content "$HANKKI_CACHE/table" "" node no_images
ls -d "$HANKKI_CACHE"/bin/etcd "$HANKKI_CACHE"/debian/node-*`)
	c.Env = []string{"PATH=" + commands + ":" + os.Getenv("PATH"), "HANKKI_CACHE=" + cache, "HANKKI_LAB=" + cache}
	text, err := c.CombinedOutput()
	return string(text), err
}

// awaits is a command that waits for a file in the cache, and fails after 20 s.
func awaits(file string) string {
	return `for i in {1..200}; do if [[ -e $HANKKI_CACHE/` + file + ` ]]; then exit 0; fi; sleep 0.1; done; exit 1`
}

func TestLabMakesRootFileSystemsWhileGoCompiles(t *testing.T) {
	t.Parallel()
	if output, err := labBuild(t, awaits("mmdebstrap-runs"), awaits("go-runs")); err != nil {
		t.Errorf("%v, output: %s", err, output)
	}
}

// A failed part fails the build, whatever the other part does.
func TestLabBuildNamesTheFailedPart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, goBuild, mmdebstrap, want string }{
		{"binary", "exit 1", "exit 0", "lab: build: the binaries were not built"},
		{"root file system", "exit 0", "exit 1", "lab: build: the root file systems were not built"},
		{"both", "exit 1", "exit 1", "lab: build: the binaries and root file systems were not built"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			output, err := labBuild(t, c.goBuild, c.mmdebstrap)
			if err == nil || !strings.Contains(output, c.want) {
				t.Errorf("%v, want %q in the output: %s", err, c.want, output)
			}
		})
	}
}
