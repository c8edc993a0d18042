package tools_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A cluster of one's own needs nothing that only the lab needs, so that an ordinary user can take that way.
func TestNoPackageOfTheLabWithoutTheLab(t *testing.T) {
	for _, arguments := range []string{
		"tools LAB=off", "preview LAB=off", "preview STACK=onprem", "destroy STACK=onprem", "render STACK=onprem OUT=x",
	} {
		c := exec.Command("make", append([]string{"--dry-run"}, strings.Fields(arguments)...)...)
		c.Dir = ".."
		c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
		said, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("make %s: %v\n%s", arguments, err, said)
		}
		if !strings.Contains(string(said), "tools/packages.sh") || strings.Contains(string(said), "lab/packages") {
			t.Errorf("make %s does\n%s", arguments, said)
		}
	}
}

// A name that is mistyped must not look like a stack that is destroyed. On the lab a stack without a file has never been deployed.
func TestDestroyOfAStackThatIsNotThere(t *testing.T) {
	for lab, code := range map[string]int{"on": 0, "off": 2} { // of make
		c := exec.Command("make", "--old-file=tools", "--old-file=command", "destroy", "STACK=onprm", "LAB="+lab)
		c.Dir = ".."
		c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
		said, err := c.CombinedOutput()
		if got := c.ProcessState.ExitCode(); got != code || !strings.Contains(string(said), "Pulumi.onprm.yaml, so nothing is destroyed") {
			t.Errorf("LAB=%s ends with %d (%v):\n%s", lab, got, err, said)
		}
	}
}

func TestDoctor(t *testing.T) {
	for name, c := range map[string]struct {
		lab   string
		free  int // GiB of disk
		built bool
		says  []string
		not   []string
	}{
		"little disk":                  {"on", 20, false, []string{"MISSING  disk: 20 GiB", "30 are needed"}, nil},
		"disk to build":                {"on", 30, false, []string{"ok       30 GiB of disk"}, []string{"MISSING  disk"}},
		"all is built":                 {"on", 6, true, []string{"ok       6 GiB of disk"}, []string{"MISSING  disk"}},
		"too little even to run":       {"on", 5, true, []string{"MISSING  disk: 5 GiB", "6 are needed"}, nil},
		"a cluster of one's own":       {"off", 1, false, []string{"jq", "openssl"}, []string{"mmdebstrap", "chromium", "kubelet", "disk", "memory", "root:"}},
		"a lab wants its packages too": {"on", 30, false, []string{"mmdebstrap", "jq"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			commands := commandsOf(t, "bash", "dirname", "sed", "sort", "head", "tail", "tr", "awk", "id", "cat")
			stub(t, commands, "df", fmt.Sprintf("printf 'Avail\\n%dG\\n'", c.free))
			cache := filepath.Join(t.TempDir(), "not/there/yet")
			if c.built {
				stub(t, filepath.Join(cache, "bin"), "kubelet", "")
			}
			doctor := script(t, "./doctor.sh")
			doctor.Env = []string{"PATH=" + commands, "HANKKI_CACHE=" + cache, "LAB=" + c.lab}
			answer, _ := doctor.CombinedOutput() // it fails, for this PATH lacks nearly everything
			said := string(answer)
			for _, want := range c.says {
				if !strings.Contains(said, want) {
					t.Errorf("%q is not said in\n%s", want, said)
				}
			}
			for _, unwanted := range c.not {
				if strings.Contains(said, unwanted) {
					t.Errorf("%q is said in\n%s", unwanted, said)
				}
			}
		})
	}
}

// The disk is that of the folder's nearest parent that is there: the cache's folder is made later.
func TestDoctorBeforeThereIsACache(t *testing.T) {
	doctor := script(t, "./doctor.sh")
	doctor.Env = append(os.Environ(), "HANKKI_CACHE="+filepath.Join(t.TempDir(), "not/there/yet"), "LAB=on")
	said, _ := doctor.CombinedOutput() // whatever this machine lacks
	if strings.Contains(string(said), "No such file") || strings.Contains(string(said), " disk:  GiB") {
		t.Errorf("the disk was not looked at:\n%s", said)
	}
}
