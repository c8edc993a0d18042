package tools_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A lock is taken away only if its owner was of this machine and is gone.
func TestStaleLocks(t *testing.T) {
	here, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		pid   int
		host  string
		stays bool
	}{
		"a killed owner":                      {ended(t), here, false},
		"a number that another program has":   {os.Getpid(), here, false},
		"an owner at work":                    {running(t, "pulumi"), here, true},
		"an owner on another machine":         {ended(t), here + "-not", true},
		"a killed owner, for another's stack": {ended(t), here, true},
	} {
		t.Run(name, func(t *testing.T) {
			stack := "dev"
			if strings.HasSuffix(name, "another's stack") {
				stack = "onprem"
			}
			backend := t.TempDir()
			lock := filepath.Join(backend, ".pulumi/locks/organization/hankki", stack, "1.json")
			content, err := json.Marshal(map[string]any{"pid": c.pid, "hostname": c.host})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(filepath.Dir(lock), 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(lock, content, 0o600); err != nil {
				t.Fatal(err)
			}
			said := staleLocks(t, "PULUMI_BACKEND_URL=file://"+backend)
			if _, err := os.Stat(lock); (err == nil) != c.stays {
				t.Errorf("the lock is there: %v, want %v; said: %q", err == nil, c.stays, said)
			}
		})
	}
}

// Whoever chose a backend by `pulumi login` has no PULUMI_BACKEND_URL, and other backends keep their own locks.
func TestStaleLocksLeavesOtherBackendsAlone(t *testing.T) {
	for _, backend := range []string{"", "PULUMI_BACKEND_URL=s3://bucket"} {
		if said := staleLocks(t, backend); said != "" {
			t.Errorf("%q: said %q", backend, said)
		}
	}
}

func staleLocks(t *testing.T, backend string) string {
	t.Helper()
	c := exec.Command("./stale-locks.sh", "dev")
	c.Env = []string{"PATH=" + os.Getenv("PATH")}
	if backend != "" {
		c.Env = append(c.Env, backend)
	}
	said, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("stale-locks.sh: %v\n%s", err, said)
	}
	return string(said)
}

// ended is the number of a process that is no more.
func ended(t *testing.T) int {
	t.Helper()
	c := exec.Command("true")
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	return c.Process.Pid
}

// running is the number of a process of that name, which ends with the test.
func running(t *testing.T, name string) int {
	t.Helper()
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), name)
	if err := os.Symlink(sleep, program); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program, "60")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill() // it has ended by itself otherwise
		_ = c.Wait()         // and says that it was killed
	})
	return c.Process.Pid
}
