package tools_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// modules is a folder with a table of binaries and their modules, for build.sh.
type modules struct {
	folder, cache, commands string
	builds                  string // the file with the arguments of each `go build`
	waitFor                 string // a package: `go build` waits until `go list` has it
}

func newModules(t *testing.T, table string, files map[string]string) modules {
	t.Helper()
	m := modules{folder: t.TempDir(), cache: t.TempDir(), commands: t.TempDir(), builds: filepath.Join(t.TempDir(), "builds")}
	testfile.Write(t, filepath.Join(m.folder, "binaries"), table)
	for name, text := range files {
		testfile.Write(t, filepath.Join(m.folder, name), text)
	}
	// The binary that this fake builds prints the command and the flags that it was built with.
	fakeCommand(t, m.commands, "go", `case $1 in
version) echo go version go1.99 ;;
list) echo "${!#}" >>"$BUILDS.listed" ;;
build)
  if [[ ${WAIT_FOR:-} ]]; then for i in {1..200}; do grep -qs "$WAIT_FOR" "$BUILDS.listed" && break; sleep 0.1; done; fi
  echo "$*" >>"$BUILDS"
  flags=$GOFLAGS; while [[ $1 != -o ]]; do flags+=" $1"; shift; done
  printf '#!/bin/bash\necho "$(basename "$0") of %s: %s"\n' "$3" "$flags" >"$2"; chmod +x "$2" ;;
esac`)
	if output, err := script(t, "/usr/bin/git", "init", "--quiet", m.folder).CombinedOutput(); err != nil {
		t.Fatalf("git init: %v, output: %s", err, output)
	}
	return m
}

// build runs build.sh and returns the arguments of each `go build`.
func (m modules) build(t *testing.T, names ...string) []string {
	t.Helper()
	if err := os.Remove(m.builds); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	c := script(t, "./build.sh", append([]string{filepath.Join(m.folder, "binaries"), m.folder}, names...)...)
	c.Env = []string{"PATH=" + m.commands + ":" + os.Getenv("PATH"), "HANKKI_CACHE=" + m.cache, "BUILDS=" + m.builds, "WAIT_FOR=" + m.waitFor}
	if output, err := c.CombinedOutput(); err != nil {
		t.Fatalf("build.sh: %v, output: %s", err, output)
	}
	return lines(t, m.builds)
}

// listed returns the package of each `go list`.
func (m modules) listed(t *testing.T) []string {
	t.Helper()
	return lines(t, m.builds+".listed")
}

// lines returns the lines of a file; a missing file has none.
func lines(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
}

func (m modules) run(t *testing.T, command string) string {
	t.Helper()
	output, err := script(t, filepath.Join(m.cache, "bin", command)).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v, output: %s", command, err, output)
	}
	return strings.TrimSpace(string(output))
}

// A binary with several commands is built once, and runs by the name of each.
func TestBuildLinksEachCommand(t *testing.T) {
	m := newModules(t, "# a comment\nkubernetes cluster ./kubernetes kubeadm kubelet\netcd cluster example.com/etcd\n",
		map[string]string{"cluster/go.mod": "module m\n"})
	if builds := m.build(t, "kubernetes"); len(builds) != 1 {
		t.Fatalf("build.sh kubernetes built %q, want one binary", builds)
	}
	for _, command := range []string{"kubeadm", "kubelet"} {
		if got := m.run(t, command); !strings.HasPrefix(got, command+" of ./kubernetes: ") {
			t.Errorf("%s prints %q", command, got)
		}
	}
	if _, err := os.Lstat(filepath.Join(m.cache, "bin/kubernetes")); err == nil {
		t.Error("the binary itself is also linked, although it is no command")
	}
	if builds := m.build(t); len(builds) != 1 || !strings.HasSuffix(builds[0], "example.com/etcd") {
		t.Errorf("the next build.sh built %q, want only etcd", builds)
	}
}

// The linker sets the versions of the packages that a line of ldflags names.
func TestBuildSetsTheVersionsOfThePackage(t *testing.T) {
	m := newModules(t, "cli all example.com/cli/cmd\nclient all example.com/client\n", map[string]string{
		"all/go.mod":  "module m\n",
		"all/ldflags": "# path, flags\nexample.com/cli -X v=1\nexample.com/cli -X w=2\nexample.com/client -X v=3\n",
	})
	m.build(t)
	for command, want := range map[string]string{"cli": "-ldflags=-s -w -X v=1 -X w=2", "client": "-ldflags=-s -w -X v=3"} {
		if got := m.run(t, command); !strings.HasSuffix(got, want) {
			t.Errorf("%s was built with %q, want %q", command, got, want)
		}
	}
}

// While Go compiles a binary, the modules of the next ones are downloaded. go list downloads what a package needs.
func TestBuildDownloadsAhead(t *testing.T) {
	m := newModules(t, "etcd a example.com/etcd\ncrane b example.com/crane\n", map[string]string{"a/go.mod": "module a\n", "b/go.mod": "module b\n"})
	m.waitFor = "example.com/crane"
	m.build(t, "etcd", "crane")
	if listed := m.listed(t); !slices.Equal(listed, []string{"example.com/crane"}) {
		t.Errorf("build.sh downloaded the modules of %q ahead, want those of the second binary", listed)
	}
}

// A binary is built again exactly when its inputs change.
func TestBuildFollowsItsInputs(t *testing.T) {
	m := newModules(t, "cli all example.com/cli\n", map[string]string{"all/go.mod": "module m\n", "all/ldflags": "example.com/cli -X v=1\n"})
	m.build(t)
	if builds := m.build(t); len(builds) != 0 {
		t.Errorf("without a change build.sh built %q", builds)
	}
	for name, text := range map[string]string{
		"all/go.mod": "module m\n\ngo 1.26\n", "all/go.sum": "sum\n", "all/main/main.go": "package main\n", "all/ldflags": "example.com/cli -X v=2\n",
		"binaries": "cli all example.com/cli/v2\n",
	} {
		testfile.Write(t, filepath.Join(m.folder, name), text)
		if builds := m.build(t); len(builds) != 1 {
			t.Errorf("after a change of %s build.sh built %q, want one binary", name, builds)
		}
	}
}
