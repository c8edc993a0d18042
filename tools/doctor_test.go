package tools_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// LAB=off needs no package of the lab, so that a user without root can deploy to a cluster.
func TestNoLabPackagesWithLABOff(t *testing.T) {
	for _, arguments := range []string{
		"tools LAB=off", "preview LAB=off", "preview STACK=onprem", "destroy STACK=onprem", "render STACK=onprem OUT=x",
	} {
		t.Run(arguments, func(t *testing.T) {
			c := exec.Command("make", append([]string{"--dry-run"}, strings.Fields(arguments)...)...)
			c.Dir = ".."
			c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
			output, err := c.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			if !strings.Contains(string(output), "tools/packages.sh") || strings.Contains(string(output), "lab/packages") {
				t.Errorf("make %s does\n%s", arguments, output)
			}
		})
	}
}

// A mistyped stack name must not look like a destroyed stack. On the lab, a stack without a file was never deployed.
func TestDestroyOfAnUnknownStack(t *testing.T) {
	for lab, code := range map[string]int{"on": 0, "off": 2} { // of make
		c := exec.Command("make", "--old-file=tools", "--old-file=command", "destroy", "STACK=onprm", "LAB="+lab)
		c.Dir = ".."
		c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
		output, err := c.CombinedOutput()
		if got := c.ProcessState.ExitCode(); got != code || !strings.Contains(string(output), "Pulumi.onprm.yaml, so nothing is destroyed") {
			t.Errorf("LAB=%s exits with %d (%v):\n%s", lab, got, err, output)
		}
	}
}

// `make doctor` reports what the preflight of `make up` reports, and beside it what `make tools` installs.
func TestDoctor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lab   string
		spoil func(*testing.T, machine)
		words []string
		not   []string
	}{
		"a machine for the lab":             {"on", func(*testing.T, machine) {}, []string{"ok       preflight", "MISSING  Debian package mmdebstrap", "jq"}, []string{"MISSING  disk"}},
		"little disk":                       {"on", defects["little disk"].spoil, []string{"MISSING  disk: / has 26 GiB free", "kubelet"}, []string{"ok       preflight"}},
		"no kernel configuration":           {"on", func(t *testing.T, m machine) { remove(t, m.root, "boot") }, []string{"UNKNOWN  not checked", "ok       preflight"}, nil},
		"a cluster of one's own":            {"off", defects["little disk"].spoil, []string{"ok       preflight: commands", "jq", "openssl"}, []string{"mmdebstrap", "chromium", "kubelet", "disk"}},
		"a cluster of one's own without Go": {"off", defects["Go is not installed"].spoil, []string{"MISSING  command go"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			c.spoil(t, m)
			doctor := script(t, "./doctor.sh")
			doctor.Env = []string{"PATH=" + m.commands, "HOME=/home", "HANKKI_CACHE=" + m.cache, "LAB_MACHINE_ROOT=" + m.root, "LAB=" + c.lab}
			answer, err := doctor.CombinedOutput()
			output := string(answer)
			if err == nil {
				t.Error("the exit code is 0, although this PATH lacks most of the packages")
			}
			for _, want := range c.words {
				if !strings.Contains(output, want) {
					t.Errorf("%q is missing in\n%s", want, output)
				}
			}
			for _, unwanted := range c.not {
				if strings.Contains(output, unwanted) {
					t.Errorf("%q is in\n%s", unwanted, output)
				}
			}
		})
	}
}

// The disk is that of the cache folder's nearest parent that exists: the folder itself is created later.
func TestDoctorBeforeTheCacheExists(t *testing.T) {
	doctor := script(t, "./doctor.sh")
	doctor.Env = append(os.Environ(), "HANKKI_CACHE="+filepath.Join(t.TempDir(), "not/there/yet"), "LAB=on")
	output, _ := doctor.CombinedOutput() // fails if this machine lacks something
	if strings.Contains(string(output), "No such file") || strings.Contains(string(output), "has  GiB") {
		t.Errorf("doctor.sh did not find the disk:\n%s", output)
	}
}
