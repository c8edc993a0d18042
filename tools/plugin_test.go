package tools_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// builds stands in for Go: what it links says so.
const builds = `if [[ $1 == build ]]; then
  while [[ $1 != -o ]]; do shift; done
  printf '#!/bin/bash\necho the built one\n' >"$2"
  chmod +x "$2"
fi`

// A plugin that the CLI has fetched is used as it is; one that is not there is built, with the lab and without.
func TestPlugin(t *testing.T) {
	version := pinnedVersion(t)
	for name, fetched := range map[string]bool{"fetched": true, "not there": false} {
		t.Run(name, func(t *testing.T) {
			home, cache, commands := t.TempDir(), t.TempDir(), t.TempDir()
			file := filepath.Join(home, "plugins/resource-docker-build-v"+version, "pulumi-resource-docker-build")
			if fetched {
				stub(t, filepath.Dir(file), filepath.Base(file), "echo the fetched one")
			}
			stub(t, commands, "go", builds)
			c := script(t, "./plugin.sh", "docker-build")
			c.Env = []string{"PATH=" + commands + ":" + os.Getenv("PATH"), "HANKKI_CACHE=" + cache, "PULUMI_HOME=" + home}
			if said, err := c.CombinedOutput(); err != nil {
				t.Fatalf("plugin.sh: %v\n%s", err, said)
			}
			said, err := exec.Command(file).CombinedOutput()
			want := map[bool]string{true: "the fetched one", false: "the built one"}[fetched]
			if err != nil || strings.TrimSpace(string(said)) != want {
				t.Errorf("the plugin says %q (%v), want %q", said, err, want)
			}
			if _, err := os.Lstat(filepath.Join(cache, "bin/pulumi-resource-docker-build")); err == nil {
				t.Error("the plugin is on PATH as well, of which the CLI warns")
			}
		})
	}
}

// Without the lab the CLI may fetch its plugins itself.
func TestToolchainWithoutTheLab(t *testing.T) {
	home, commands := t.TempDir(), t.TempDir()
	stub(t, commands, "go", builds)
	c := script(t, "./toolchain.sh")
	c.Env = []string{"PATH=" + commands + ":" + os.Getenv("PATH"), "HANKKI_CACHE=" + t.TempDir(),
		"PULUMI_HOME=" + home, "USERS_PULUMI_HOME=" + home, "LAB=off"}
	said, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("toolchain.sh: %v\n%s", err, said)
	}
	if left, err := os.ReadDir(filepath.Join(home, "plugins")); !os.IsNotExist(err) {
		t.Errorf("the CLI's home has the plugins %v (%v), want none; said:\n%s", left, err, said)
	}
}

// pinnedVersion is the plugin docker-build's.
func pinnedVersion(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("pulumi-resource-docker-build/ldflags")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`provider\.Version=(\S+)`).FindSubmatch(text)
	if found == nil {
		t.Fatal("no version in pulumi-resource-docker-build/ldflags")
	}
	return string(found[1])
}
