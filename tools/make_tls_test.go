package tools_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// `make up TLS=on` stages the lab's stack with a generated certificate; `make up` stages it without.
func TestTheLabsStackHasACertificateOnRequestOnly(t *testing.T) {
	for arguments, want := range map[string]bool{"stage TLS=on": true, "stage": false, "stage TLS=off": false, "stage TLS=on STACK=onprem LAB=on": true} {
		t.Run(arguments, func(t *testing.T) {
			commands := dryRun(t, strings.Fields(arguments)...)
			if !strings.Contains(commands, " stage --cwd ") || strings.Contains(commands, "hankki:tls.generate=true") != want {
				t.Errorf("a generated certificate should be %t\n%s", want, commands)
			}
		})
	}
}

func TestTLSOnIsRefusedWithoutTheLab(t *testing.T) {
	for _, arguments := range []string{"up TLS=on LAB=off", "preview TLS=on STACK=onprem"} {
		c := exec.Command("make", append([]string{"--dry-run", "--directory", ".."}, strings.Fields(arguments)...)...)
		c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
		out, err := c.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "TLS=on is for the lab") || !strings.Contains(string(out), "set hankki:tls in Pulumi.") {
			t.Errorf("make %s does not name the alternative: %v\n%s", arguments, err, out)
		}
	}
}
