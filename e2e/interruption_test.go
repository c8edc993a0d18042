package e2e

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// checkInterruptions ends an up in the middle of a roll-out, once politely and once not: the next one finishes its work.
// Meanwhile, a second up is told whose turn it is.
func checkInterruptions(t *testing.T, l lab, s stack, output io.Writer) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
		appendTo(t, filepath.Join(s.folder, "images/backend/app/__init__.py"), "\n# changed before "+signal.String()+"\n")
		first := s.command(t, "pulumi", "up", "--stack", "onprem", "--yes", "--skip-preview", "--non-interactive")
		first.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // with its plugins
		printed, err := first.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := first.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(io.TeeReader(printed, output))
		rollsOut := false
		for !rollsOut && lines.Scan() {
			rollsOut = strings.Contains(lines.Text(), "Deployment backend updating")
		}
		if !rollsOut {
			t.Fatal("pulumi up did not come to the roll-out of the API")
		}
		second, _ := s.command(t, "pulumi", "up", "--stack", "onprem", "--yes", "--skip-preview", "--non-interactive").CombinedOutput()
		if !strings.Contains(string(second), "the stack is currently locked") || !strings.Contains(string(second), "created by") {
			t.Errorf("the second of two simultaneous ups says\n%s", second)
		}
		if err := syscall.Kill(-first.Process.Pid, signal); err != nil {
			t.Fatalf("pulumi up ended before its time: %v", err)
		}
		_, _ = io.Copy(output, printed) // until it has said its last; how a killed process's pipe ends tells nothing
		if err := first.Wait(); err == nil {
			t.Errorf("pulumi up came to its end in spite of %s", signal)
		}
		if said, err := s.command(t, filepath.Join(l.root, "tools/stale-locks.sh"), "onprem").CombinedOutput(); err != nil {
			t.Fatalf("stale-locks.sh: %v\n%s", err, said)
		}
		s.up(t, output)
		checkPods(t, l)
		if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
			t.Errorf("after %s and the next up: %v", signal, got)
		}
	}
}

// command is one in the stack's project, with its state and passphrase.
func (s stack) command(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir, c.Env = s.folder, os.Environ()
	for key, value := range s.Workspace().GetEnvVars() {
		c.Env = append(c.Env, key+"="+value)
	}
	return c
}
