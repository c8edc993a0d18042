package tools_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A lock is removed only if its owner ran on this machine and has exited.
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
		"a killed owner":                  {ended(t), here, false},
		"a process id of another program": {os.Getpid(), here, false},
		"a running owner":                 {running(t, "pulumi"), here, true},
		"an owner on another machine":     {ended(t), here + "-not", true},
		"a killed owner, another stack":   {ended(t), here, true},
	} {
		t.Run(name, func(t *testing.T) {
			stack := "dev"
			if strings.HasSuffix(name, "another stack") {
				stack = "onprem"
			}
			backend := t.TempDir()
			lock := locked(t, backend, stack, c.pid, c.host)
			output := staleLocks(t, "PULUMI_BACKEND_URL=file://"+backend)
			if _, err := os.Stat(lock); (err == nil) != c.stays {
				t.Errorf("the lock exists: %v, want %v; output: %q", err == nil, c.stays, output)
			}
		})
	}
}

// The backend is found in the CLI's order: PULUMI_BACKEND_URL, then the credentials of `pulumi login`.
func TestStaleLocksFindsTheFolder(t *testing.T) {
	here, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		state       string // below the home folder
		credentials string // "FILE CURRENT": the file that `pulumi login` wrote, below the home folder, and its backend
		environment []string
	}{
		"a path":                           {"state", "", []string{"PULUMI_BACKEND_URL=file://HOME/state"}},
		"a path with a query":              {"state", "", []string{"PULUMI_BACKEND_URL=file://HOME/state?no_tmp_dir=false"}},
		"the home folder":                  {"", "", []string{"PULUMI_BACKEND_URL=file://~"}},
		"below the home folder":            {"state", "", []string{"PULUMI_BACKEND_URL=file://~/state"}},
		"pulumi login --local":             {"", ".pulumi/credentials.json file://~", nil},
		"another PULUMI_HOME":              {"state", "cli/credentials.json file://HOME/state", []string{"PULUMI_HOME=HOME/cli"}},
		"PULUMI_CREDENTIALS_PATH":          {"", "place/credentials.json file://~", []string{"PULUMI_HOME=HOME/cli", "PULUMI_CREDENTIALS_PATH=HOME/place"}},
		"the variable overrides the login": {"state", ".pulumi/credentials.json s3://bucket", []string{"PULUMI_BACKEND_URL=file://~/state"}},
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			lock := locked(t, filepath.Join(home, c.state), "dev", ended(t), here)
			if file, current, ok := strings.Cut(c.credentials, " "); ok {
				loggedIn(t, filepath.Join(home, file), strings.ReplaceAll(current, "HOME", home))
			}
			environment := []string{"HOME=" + home}
			for _, variable := range c.environment {
				environment = append(environment, strings.ReplaceAll(variable, "HOME/", home+"/"))
			}
			output := staleLocks(t, environment...)
			if _, err := os.Stat(lock); err == nil {
				t.Errorf("the lock was not removed; output: %q", output)
			}
		})
	}
}

// Other backends handle their own locks, and stale-locks.sh prints nothing. The same holds before the first `pulumi login`.
func TestStaleLocksLeavesOtherBackendsAlone(t *testing.T) {
	for _, variable := range []string{"", "s3://bucket", "https://api.pulumi.com"} {
		for _, current := range []string{"", "s3://bucket", "https://api.pulumi.com"} {
			home := t.TempDir()
			environment := []string{"HOME=" + home}
			if variable != "" {
				environment = append(environment, "PULUMI_BACKEND_URL="+variable)
			}
			if current != "" {
				loggedIn(t, filepath.Join(home, ".pulumi/credentials.json"), current)
			}
			if output := staleLocks(t, environment...); output != "" {
				t.Errorf("PULUMI_BACKEND_URL %q, logged in at %q: output %q", variable, current, output)
			}
		}
	}
}

func staleLocks(t *testing.T, environment ...string) string {
	t.Helper()
	c := script(t, "./stale-locks.sh", "dev")
	c.Env = append([]string{"PATH=" + os.Getenv("PATH")}, environment...)
	output, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("stale-locks.sh: %v\n%s", err, output)
	}
	return string(output)
}

// locked writes a lock of the stack to the local backend, in the format of the CLI, and returns its path.
func locked(t *testing.T, backend, stack string, pid int, host string) string {
	t.Helper()
	lock := filepath.Join(backend, ".pulumi/locks/organization/hankki", stack, "1.json")
	writeJSON(t, lock, map[string]any{"pid": pid, "hostname": host})
	return lock
}

// loggedIn writes the credentials file of `pulumi login`.
func loggedIn(t *testing.T, file, current string) {
	t.Helper()
	writeJSON(t, file, map[string]any{"current": current, "accounts": map[string]any{current: map[string]any{}}})
}

func writeJSON(t *testing.T, file string, content any) {
	t.Helper()
	text, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// ended returns the id of a process that has exited.
func ended(t *testing.T) int {
	t.Helper()
	c := exec.Command("true")
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	return c.Process.Pid
}

// running starts a process of that name, which is killed at the end of the test, and returns its id.
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
		_ = c.Process.Kill() // an error means that it has exited
		_ = c.Wait()         // the error is the kill
	})
	return c.Process.Pid
}

// Each target that may run an update removes the lock of a killed one first.
func TestStaleLocksAreRemovedBeforeAnUpdate(t *testing.T) {
	for _, target := range []string{"pulumi-up", "destroy", "adopt", "handover FROM=default", "move TO=kitchen", "rollback", "restore FROM=dump"} {
		commands := dryRun(t, append(strings.Fields(target), "STACK=onprem")...)
		if !strings.Contains(commands, "tools/stale-locks.sh onprem") {
			t.Errorf("make %s runs\n%s", target, commands)
		}
	}
}
