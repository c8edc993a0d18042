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

// checkInterruptions ends an up in the middle of a roll-out, once politely and once not: the next one finishes its work.
// Meanwhile, a second up is told whose turn it is.
func checkInterruptions(t *testing.T, l lab, s stack, output io.Writer) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
		s.change(t, "before "+signal.String())
		s.killAt(t, l, []string{"Deployment backend updating"}, signal, output, func() {
			second, _ := s.command(t, "pulumi", "up", "--stack", "onprem", "--yes", "--skip-preview", "--non-interactive").CombinedOutput()
			if !strings.Contains(string(second), "the stack is currently locked") || !strings.Contains(string(second), "created by") {
				t.Errorf("the second of two simultaneous ups says\n%s", second)
			}
		})
		s.converges(t, l, output)
		checkPods(t, l, 1)
	}
}

// checkKilledBirths kills an up on an empty cluster, and each that follows, at a moment of its own: the last finishes the work
// of all. A moment has passed if an earlier up came beyond it before it was killed.
func checkKilledBirths(t *testing.T, l lab, s stack, output io.Writer) {
	moments := []string{"Image backend creating", "Job backend-release creating", "IPAddressPool address-pool creating", "Service frontend creating"}
	for len(moments) > 0 {
		var seen lines
		s.killAt(t, l, moments, syscall.SIGKILL, io.MultiWriter(&seen, output))
		moments = slices.DeleteFunc(moments, func(moment string) bool { return strings.Contains(seen.String(), moment) })
	}
	s.converges(t, l, output)
}

// killAt ends an up when it prints one of the moments; the lock that it may leave is taken away as `make up` does.
func (s stack) killAt(t *testing.T, l lab, moments []string, signal syscall.Signal, output io.Writer, meanwhile ...func()) {
	t.Helper()
	up := s.upUntil(t, output, moments...)
	for _, f := range meanwhile {
		f()
	}
	if err := syscall.Kill(-up.Process.Pid, signal); err != nil {
		t.Fatalf("pulumi up ended before its time: %v", err)
	}
	if up.end(); up.ProcessState.Success() {
		t.Errorf("pulumi up came to its end in spite of %s", signal)
	}
	if said, err := s.command(t, filepath.Join(l.root, "tools/stale-locks.sh"), "onprem").CombinedOutput(); err != nil {
		t.Fatalf("stale-locks.sh: %v\n%s", err, said)
	}
}

// checkWithoutAPIServer takes the API server away for longer than a request waits. The roll-out goes on by itself; the up
// may end badly, and the next one makes good for it.
func checkWithoutAPIServer(t *testing.T, l lab, s stack, output io.Writer) {
	r := startReads(t, l)
	s.change(t, "before the API server went")
	first := s.upUntil(t, output, "Deployment backend updating")
	l.lab(t, "stop", "apiserver")
	time.Sleep(20 * time.Second)
	l.lab(t, "start", "apiserver")
	first.end()
	s.converges(t, l, output)
	r.stop(t)
}

// checkWithoutRegistry takes the registry away while the new image is on its way there: the up says which server does not
// answer, and nothing that runs is touched.
func checkWithoutRegistry(t *testing.T, l lab, s stack, output io.Writer) {
	r := startReads(t, l)
	s.change(t, "before the registry went")
	var said strings.Builder
	first := s.upUntil(t, io.MultiWriter(&said, output), "Image backend updating")
	l.lab(t, "stop", "registry")
	if first.end(); first.ProcessState.Success() {
		t.Error("pulumi up came to its end without a registry")
	}
	expectOutput(t, said.String(), "127.0.0.1:500")                           // of one of its doors
	expectOutput(t, s.upError(t, output), `registry.server "127.0.0.1:5001"`) // said before anything is built
	l.lab(t, "start", "registry")
	s.converges(t, l, output)
	r.stop(t)
}

// running is a `pulumi up` that is not waited for.
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
			return running{up, func() { _, _ = io.Copy(output, printed) }} // how a killed process's pipe ends tells nothing
		}
	}
	t.Fatalf("pulumi up printed none of %q", texts)
	return running{}
}

// end waits until it has said its last.
func (r running) end() {
	r.rest()
	_ = r.Wait() // how it ended stands in ProcessState, where callers look
}

// change makes a source file of the API another one.
func (s stack) change(t *testing.T, when string) {
	t.Helper()
	appendTo(t, filepath.Join(s.folder, "images/backend/app/__init__.py"), "\n# changed "+when+"\n")
}

// converges demands that one up is enough.
func (s stack) converges(t *testing.T, l lab, output io.Writer) {
	t.Helper()
	s.up(t, output)
	l.kubectl(t, "wait", "-n", "hankki", "deployment", "--all", "--for=condition=Available", "--timeout=60s")
	if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
		t.Errorf("after the next up: %v", got)
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
