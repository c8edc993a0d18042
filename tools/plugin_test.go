package tools_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"
)

// builds is a fake of the command go. The binary that it builds prints that it was built.
const builds = `if [[ $1 == build ]]; then
  while [[ $1 != -o ]]; do shift; done
  printf '#!/bin/bash\necho the built one\n' >"$2"
  chmod +x "$2"
fi`

// plugin.sh uses a plugin that the CLI downloaded, and builds a missing one, with the lab and without.
func TestPlugin(t *testing.T) {
	version := pinnedVersion(t)
	for name, downloaded := range map[string]bool{"downloaded": true, "missing": false} {
		t.Run(name, func(t *testing.T) {
			home, cache, commands := t.TempDir(), t.TempDir(), t.TempDir()
			file := filepath.Join(home, "plugins/resource-docker-build-v"+version, "pulumi-resource-docker-build")
			if downloaded {
				fakeCommand(t, filepath.Dir(file), filepath.Base(file), "echo the downloaded one")
			}
			fakeCommand(t, commands, "go", builds)
			c := script(t, "./plugin.sh", "docker-build")
			c.Env = []string{"PATH=" + commands + ":" + os.Getenv("PATH"), "HANKKI_CACHE=" + cache, "PULUMI_HOME=" + home}
			if output, err := c.CombinedOutput(); err != nil {
				t.Fatalf("plugin.sh: %v\n%s", err, output)
			}
			output, err := exec.Command(file).CombinedOutput()
			want := map[bool]string{true: "the downloaded one", false: "the built one"}[downloaded]
			if err != nil || strings.TrimSpace(string(output)) != want {
				t.Errorf("the plugin prints %q (%v), want %q", output, err, want)
			}
			if _, err := os.Lstat(filepath.Join(cache, "bin/pulumi-resource-docker-build")); err == nil {
				t.Error("the plugin is also on PATH, and the CLI warns about that")
			}
		})
	}
}

// A review needs the plugin for two revisions at once.
func TestPluginForSeveralRevisions(t *testing.T) {
	home, cache, commands := t.TempDir(), t.TempDir(), t.TempDir()
	fakeCommand(t, commands, "go", builds)
	var group errgroup.Group
	for range 8 {
		group.Go(func() error {
			c := script(t, "./plugin.sh", "docker-build")
			c.Env = []string{"PATH=" + commands + ":" + os.Getenv("PATH"), "HANKKI_CACHE=" + cache, "PULUMI_HOME=" + home}
			if output, err := c.CombinedOutput(); err != nil {
				return fmt.Errorf("plugin.sh: %w\n%s", err, output)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
	file := filepath.Join(home, "plugins/resource-docker-build-v"+pinnedVersion(t), "pulumi-resource-docker-build")
	if output, err := exec.Command(file).CombinedOutput(); err != nil {
		t.Errorf("the plugin does not run: %v\n%s", err, output)
	}
}

// With LAB=off the CLI downloads its plugins itself.
func TestToolchainWithLABOff(t *testing.T) {
	home, commands := t.TempDir(), t.TempDir()
	fakeCommand(t, commands, "go", builds)
	c := script(t, "./toolchain.sh")
	c.Env = []string{"PATH=" + commands + ":" + os.Getenv("PATH"), "HANKKI_CACHE=" + t.TempDir(),
		"PULUMI_HOME=" + home, "USERS_PULUMI_HOME=" + home, "LAB=off"}
	output, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("toolchain.sh: %v\n%s", err, output)
	}
	if left, err := os.ReadDir(filepath.Join(home, "plugins")); !os.IsNotExist(err) {
		t.Errorf("the CLI's home has the plugins %v (%v), want none; output:\n%s", left, err, output)
	}
}

// pinnedVersion returns the pinned version of the plugin docker-build.
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
