package tools_test

import (
	"os"
	"strings"
	"testing"
)

// dryRun is what `make` would run for a target, with variables of the command line alone.
func dryRun(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	for _, file := range []string{"../Makefile", "../tests.mk"} { // so that Go notices their changes
		if _, err := os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	c := script(t, "/usr/bin/make", append([]string{"--dry-run", "--directory", ".."}, arguments...)...)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	out, err := c.CombinedOutput()
	return string(out), err
}

func TestTheLabsStackHasACertificateOnRequestOnly(t *testing.T) {
	for arguments, want := range map[string]bool{"stage TLS=on": true, "stage": false, "stage TLS=off": false, "stage TLS=on STACK=onprem LAB=on": true} {
		out, err := dryRun(t, strings.Fields(arguments)...)
		if err != nil {
			t.Fatalf("make %s: %v\n%s", arguments, err, out)
		}
		if !strings.Contains(out, "tools/stage.sh") || strings.Contains(out, "hankki:tls.generate=true") != want {
			t.Errorf("make %s: a generated certificate should be %t\n%s", arguments, want, out)
		}
	}
	for _, arguments := range []string{"up TLS=on LAB=off", "preview TLS=on STACK=onprem"} {
		if out, err := dryRun(t, strings.Fields(arguments)...); err == nil || !strings.Contains(out, "TLS=on is for the lab") || !strings.Contains(out, "hankki:tls in Pulumi.") {
			t.Errorf("make %s is not refused with the other way: %v\n%s", arguments, err, out)
		}
	}
}
