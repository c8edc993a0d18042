package tools_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// nodeLayer returns the folder that node_layer makes of the binaries in the cache, for a version of Kubernetes.
func nodeLayer(t *testing.T, cache, minor string) string {
	t.Helper()
	c := script(t, "/bin/bash", "-euo", "pipefail", "-c", `here=$PWD/../lab
source ../lab/lib/common.sh
source ../lab/lib/versions.sh
source ../lab/lib/node.sh
node_layer "$0"`, minor)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HANKKI_CACHE=" + cache, "HANKKI_LAB=" + cache}
	output, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v, output: %s", err, output)
	}
	return strings.TrimSpace(string(output))
}

// The programs of a node that run containers and pods are the pinned ones. A new version of any of them makes a new layer, so the
// nodes of the next lab run it.
func TestNodeHasPinnedBinaries(t *testing.T) {
	t.Parallel()
	for minor, module := range labModules(t) {
		t.Run("Kubernetes "+minor, func(t *testing.T) {
			t.Parallel()
			checkNodeHasPinnedBinaries(t, minor, strings.TrimPrefix(filepath.Base(module), "cluster"))
		})
	}
}

// checkNodeHasPinnedBinaries tests a node with a version of Kubernetes, whose commands have the suffix in the cache.
func checkNodeHasPinnedBinaries(t *testing.T, minor, suffix string) {
	t.Helper()
	names := []string{"containerd", "containerd-shim-runc-v2", "ctr", "kubeadm", "kubectl", "kubelet"}
	cache := t.TempDir()
	bin := filepath.Join(cache, "bin")
	build := func(name, version string) {
		t.Helper()
		fakeCommand(t, bin, name+"-"+version, "echo "+version)
		link := filepath.Join(bin, name)
		if strings.HasPrefix(name, "kube") {
			link += suffix
		}
		if err := os.Remove(link); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := os.Symlink(name+"-"+version, link); err != nil { // as build.sh makes it
			t.Fatal(err)
		}
	}
	for _, name := range names {
		build(name, "one")
	}
	layer := nodeLayer(t, cache, minor)
	for _, name := range names {
		build(name, "two")
		next := nodeLayer(t, cache, minor)
		if next == layer {
			t.Errorf("a new version of %s does not change the layer of the nodes", name)
		}
		layer = next
	}
	for _, name := range names {
		if text := testfile.Read(t, filepath.Join(layer, "usr/local/bin", name)); !strings.Contains(text, "two") {
			t.Errorf("%s is not the new version: %s", name, text)
		}
	}
}
