package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
)

// Interrupts are the signals that end an operation. SIGHUP is not one of them under nohup.
func Interrupts() []os.Signal {
	all := []os.Signal{syscall.SIGINT, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// cli is the Pulumi CLI. The Automation API's own (3.259) leaves it in the process group of hankki, so that Ctrl-C reaches it twice,
// which Pulumi understands as "terminate now", and kills it after 10 s. A killed CLI leaves its lock and loses what it has done.
type cli struct{ auto.PulumiCommand }

func newCLI() (cli, error) {
	found, err := auto.NewPulumiCommand(nil)
	if err != nil {
		return cli{}, fmt.Errorf("finding the Pulumi CLI: %w", err)
	}
	return cli{found}, nil
}

// Run runs the CLI. The end of ctx interrupts it once, and so does each further signal; it is never killed. `stack select` only
// verifies that the stack exists: the user's selection stays.
func (cli) Run(ctx context.Context, folder string, stdin io.Reader, out, log []io.Writer, environment []string, arguments ...string) (stdout, stderr string, code int, err error) {
	if err := ctx.Err(); err != nil {
		return "", "", -1, err //nolint:wrapcheck // as exec.CommandContext
	}
	if len(arguments) > 2 && slices.Equal(arguments[:2], []string{"stack", "select"}) {
		arguments = append([]string{"stack", "--show-name"}, arguments[2:]...)
	}
	// The flag comes first: the arguments may have "--" before a value.
	c := exec.Command("pulumi", append([]string{"--non-interactive"}, arguments...)...) //nolint:gosec,noctx // no shell reads them; see below
	c.Dir, c.Stdin = folder, stdin
	c.Env = append(append(os.Environ(), environment...), "PULUMI_AUTOMATION_API=true")
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var printed, printedErrors bytes.Buffer
	c.Stdout = io.MultiWriter(append(slices.Clone(out), &printed)...)
	c.Stderr = io.MultiWriter(append(slices.Clone(log), &printedErrors)...)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, Interrupts()...)
	defer signal.Stop(signals)
	if err := c.Start(); err != nil {
		return "", "", -1, fmt.Errorf("starting the Pulumi CLI: %w", err)
	}
	ended := make(chan struct{})
	defer close(ended)
	go interrupt(ctx, c.Process, signals, ended)
	err = c.Wait()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	case err != nil:
		code = -1
	}
	return printed.String(), printedErrors.String(), code, err
}

// interrupt sends SIGINT when ctx ends, and then for each signal but the one that ended ctx.
func interrupt(ctx context.Context, process *os.Process, signals <-chan os.Signal, ended <-chan struct{}) {
	events := ctx.Done()
	for first := true; ; {
		select {
		case <-events:
			events = nil
		case <-signals:
			if first {
				first = false
				continue
			}
		case <-ended:
			return
		}
		_ = process.Signal(os.Interrupt) // it fails only if the process has ended
	}
}
