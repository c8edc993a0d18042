package e2e

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// checkInterruptions interrupts an up during a rollout, once with SIGINT and once with SIGKILL. The next up completes it.
// A second simultaneous up fails and prints the holder of the lock.
func checkInterruptions(t *testing.T, l lab, s stack, output io.Writer) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
		s.change(t, "before "+signal.String())
		s.killAt(t, l, []string{"Deployment backend updating"}, signal, output, func() {
			second, _ := s.command(t, "pulumi", "up", "--stack", "onprem", "--yes", "--skip-preview", "--non-interactive").CombinedOutput()
			if !strings.Contains(string(second), "the stack is currently locked") || !strings.Contains(string(second), "created by") {
				t.Errorf("the second of two simultaneous ups prints\n%s", second)
			}
		})
		s.converges(t, l, output)
		checkPods(t, l, 1)
	}
}

// checkKilledDeployments kills an up on an empty cluster at each of several lines of its output. The last up completes the
// deployment. A line that an earlier up printed before it was killed is skipped.
func checkKilledDeployments(t *testing.T, l lab, s stack, output io.Writer) {
	moments := []string{"Image backend creating", "Job backend-release creating", "IPAddressPool address-pool creating", "Service frontend creating"}
	for len(moments) > 0 {
		var seen lines
		s.killAt(t, l, moments, syscall.SIGKILL, io.MultiWriter(&seen, output))
		moments = slices.DeleteFunc(moments, func(moment string) bool { return strings.Contains(seen.String(), moment) })
	}
	s.converges(t, l, output)
}

// killAt signals an up when it prints one of the moments, and removes a stale lock as `make up` does.
func (s stack) killAt(t *testing.T, l lab, moments []string, signal syscall.Signal, output io.Writer, meanwhile ...func()) {
	t.Helper()
	up := s.upUntil(t, output, moments...)
	for _, f := range meanwhile {
		f()
	}
	if err := syscall.Kill(-up.Process.Pid, signal); err != nil {
		t.Fatalf("pulumi up ended before the signal: %v", err)
	}
	if up.end(); up.ProcessState.Success() {
		t.Errorf("pulumi up succeeds in spite of %s", signal)
	}
	if printed, err := s.command(t, filepath.Join(l.root, "tools/stale-locks.sh"), "onprem").CombinedOutput(); err != nil {
		t.Fatalf("stale-locks.sh: %v\n%s", err, printed)
	}
}

// checkWithoutAPIServer stops the API server for longer than a request's timeout. The rollout continues. The up may fail; the
// next one completes it.
func checkWithoutAPIServer(t *testing.T, l lab, s stack, output io.Writer) {
	r := startReads(t, l)
	s.change(t, "before the API server stopped")
	first := s.upUntil(t, output, "Deployment backend updating")
	l.lab(t, "stop", "apiserver")
	time.Sleep(20 * time.Second)
	l.lab(t, "start", "apiserver")
	first.end()
	s.converges(t, l, output)
	r.stop(t)
}

// checkWithoutRegistry stops the registry while up pushes the new image. The error names the server, and no pod changes.
func checkWithoutRegistry(t *testing.T, l lab, s stack, output io.Writer) {
	r := startReads(t, l)
	s.change(t, "before the registry stopped")
	var printed strings.Builder
	first := s.upUntil(t, io.MultiWriter(&printed, output), "Image backend updating")
	l.lab(t, "stop", "registry")
	if first.end(); first.ProcessState.Success() {
		t.Error("pulumi up succeeds without a registry")
	}
	expectOutput(t, printed.String(), "127.0.0.1:500")                        // one of the registry's ports
	expectOutput(t, s.upError(t, output), `registry.server "127.0.0.1:5001"`) // reported before the build
	l.lab(t, "start", "registry")
	s.converges(t, l, output)
	r.stop(t)
}

// running is a `pulumi up` in the background.
type running struct {
	*exec.Cmd
	rest func()
}

// upUntil starts an up and returns when it prints one of the texts.
func (s stack) upUntil(t *testing.T, output io.Writer, texts ...string) running {
	t.Helper()
	up := s.command(t, "pulumi", "up", "--stack", "onprem", "--yes", "--skip-preview", "--non-interactive")
	up.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // with its plugins
	printed, err := up.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := up.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(io.TeeReader(printed, output))
	for lines.Scan() {
		if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(lines.Text(), text) }) {
			return running{up, func() { _, _ = io.Copy(output, printed) }} // a killed process ends its pipe with any error
		}
	}
	t.Fatalf("pulumi up printed none of %q", texts)
	return running{}
}

// end waits for the process and copies the rest of its output.
func (r running) end() {
	r.rest()
	_ = r.Wait() // callers read ProcessState
}

// change appends a comment to a source file of the API, which changes its image.
func (s stack) change(t *testing.T, when string) {
	t.Helper()
	appendTo(t, filepath.Join(s.folder, "images/backend/app/__init__.py"), "\n# changed "+when+"\n")
}

// converges fails the test unless one up completes the deployment and a second one changes nothing.
func (s stack) converges(t *testing.T, l lab, output io.Writer) {
	t.Helper()
	s.up(t, output)
	l.kubectl(t, "wait", "-n", "hankki", "deployment", "--all", "--for=condition=Available", "--timeout=60s")
	if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
		t.Errorf("a second up changes %v", got)
	}
}

// command returns a command that runs in the stack's project, with its state and passphrase.
func (s stack) command(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir, c.Env = s.folder, os.Environ()
	for key, value := range s.Workspace().GetEnvVars() {
		c.Env = append(c.Env, key+"="+value)
	}
	return c
}
