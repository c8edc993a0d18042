package tools_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// mirror is a cache for the mirror's images, with a fake of crane that records its calls and the files of each layer.
type mirror struct{ cache string }

func newMirror(t *testing.T) mirror {
	t.Helper()
	m := mirror{t.TempDir()}
	testfile.Write(t, filepath.Join(m.cache, "mirror/keys/empty"), "")
	fakeCommand(t, filepath.Join(m.cache, "bin"), "crane", `echo "$*" >>"$HANKKI_CACHE/calls"
while [[ $# -gt 0 ]]; do
  if [[ $1 == -f ]]; then tar --list --verbose --file "$2" >>"$HANKKI_CACHE/files"; fi
  shift
done`)
	m.writeCommands(t, "one")
	return m
}

// writeCommands has the commands a and b be links to a binary with the version in its name, as build.sh makes them.
func (m mirror) writeCommands(t *testing.T, version string) {
	t.Helper()
	binary := "all-" + version
	fakeCommand(t, filepath.Join(m.cache, "bin"), binary, "echo "+version)
	for _, command := range []string{"a", "b"} {
		link := filepath.Join(m.cache, "bin", command)
		if err := os.Remove(link); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := os.Symlink(binary, link); err != nil {
			t.Fatal(err)
		}
	}
}

// images lists the images in the mode `list` or `fill`, and returns what is printed: all:1 with both commands, and a:1 of its layers.
func (m mirror) images(t *testing.T, mode string) string {
	t.Helper()
	c := script(t, "/bin/bash", "-euo", "pipefail", "-c", `here=../lab
source ../lab/lib/common.sh
source ../lab/lib/mirror.sh
mirror_mode=`+mode+`
image all:1 scratch "$HANKKI_CACHE/bin/a=usr/bin/a" "$HANKKI_CACHE/bin/b=usr/bin/b" --
image a:1 all:1 -- --entrypoint=/usr/bin/a`)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HANKKI_CACHE=" + m.cache, "HANKKI_LAB=" + m.cache}
	output, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v, output: %s", err, output)
	}
	return strings.TrimSpace(string(output))
}

// An image has a file once, however many names it has, and an image with the layers of another one adds none.
func TestImagesShareTheirLayers(t *testing.T) {
	m := newMirror(t)
	m.images(t, "fill")
	files := testfile.Read(t, filepath.Join(m.cache, "files"))
	if !strings.Contains(files, "./usr/bin/b link to ./usr/bin/a\n") {
		t.Errorf("the layer stores the commands more than once:\n%s", files)
	}
	calls := testfile.Read(t, filepath.Join(m.cache, "calls"))
	if strings.Count(calls, "append ") != 1 {
		t.Errorf("want one layer, crane was called with:\n%s", calls)
	}
	if last := calls[strings.LastIndex(strings.TrimSpace(calls), "\n")+1:]; !strings.Contains(last, "-t 127.0.0.1:5000/a:1 ") || !strings.HasSuffix(last, "--entrypoint=/usr/bin/a 127.0.0.1:5000/all:1\n") {
		t.Errorf("a:1 is not made of all:1: %s", last)
	}
}

// An image is stale when the image that it is made of is.
func TestImagesFollowTheImageTheyAreMadeOf(t *testing.T) {
	m := newMirror(t)
	m.images(t, "fill")
	if stale := m.images(t, "list"); stale != "" {
		t.Errorf("after a build these images are stale: %s", stale)
	}
	m.writeCommands(t, "two")
	if stale := m.images(t, "list"); stale == "" {
		t.Error("after a change of the binary no image is stale")
	}
	if built := m.images(t, "fill"); built != "built all:1\nbuilt a:1" {
		t.Errorf("after a change of the binary the build prints %q", built)
	}
	if stale := m.images(t, "list"); stale != "" {
		t.Errorf("after the second build these images are stale: %s", stale)
	}
}
