package stack

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hankki/internal/testfile"
)

// fakePulumi writes its arguments, then "INT" for each interrupt, and ends by itself one second later.
const fakePulumi = `#!/bin/bash
if [[ $1 == version ]]; then echo v3.259.0; exit; fi
trap 'echo INT >>"$RECORD"' INT
echo "$*" >>"$RECORD"
for _ in {1..20}; do sleep 0.05; done
echo ended >>"$RECORD"
`

func newFakePulumi(t *testing.T) (record string) {
	t.Helper()
	folder := t.TempDir()
	testfile.Write(t, filepath.Join(folder, "pulumi"), fakePulumi)
	if err := os.Chmod(filepath.Join(folder, "pulumi"), 0o700); err != nil {
		t.Fatal(err)
	}
	record = filepath.Join(folder, "record")
	t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
	t.Setenv("RECORD", record)
	return record
}

// The process group of hankki gets the SIGINT of a terminal. Pulumi gets one for each.
func TestInterruptReachesPulumiOnce(t *testing.T) {
	if os.Getenv("INTERRUPTED") != "" { // in the process below
		ctx, stop := signal.NotifyContext(context.Background(), Interrupts()...)
		defer stop()
		c, err := newCLI()
		if err != nil {
			t.Fatal(err)
		}
		_, _, _, _ = c.Run(ctx, ".", nil, nil, nil, nil, "up")
		return
	}
	for name, signals := range map[string][]syscall.Signal{
		"Ctrl-C": {syscall.SIGINT}, "Ctrl-C twice": {syscall.SIGINT, syscall.SIGINT}, "SIGTERM": {syscall.SIGTERM}, "no signal": nil,
	} {
		t.Run(name, func(t *testing.T) {
			record := newFakePulumi(t)
			hankki := exec.Command(os.Args[0], "-test.run=^TestInterruptReachesPulumiOnce$")
			hankki.Env = append(os.Environ(), "INTERRUPTED=yes")
			hankki.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
			if err := hankki.Start(); err != nil {
				t.Fatal(err)
			}
			waitFor(t, record, "up\n")
			for i, s := range signals {
				if err := syscall.Kill(-hankki.Process.Pid, s); err != nil {
					t.Fatal(err)
				}
				waitFor(t, record, strings.Repeat("INT\n", i+1))
			}
			if err := hankki.Wait(); err != nil {
				t.Error(err)
			}
			if got, want := testfile.Read(t, record), "--non-interactive up\n"+strings.Repeat("INT\n", len(signals))+"ended\n"; got != want {
				t.Errorf("pulumi records\n%s, want\n%s", got, want)
			}
		})
	}
}

// The Automation API passes a value after "--", where a flag would be a further value.
func TestFlagIsNoArgument(t *testing.T) {
	record := newFakePulumi(t)
	c, err := newCLI()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := c.Run(t.Context(), ".", nil, nil, nil, nil, "config", "set", "key", "--plaintext", "--", "-v"); err != nil {
		t.Fatal(err)
	}
	if got, want := testfile.Read(t, record), "--non-interactive config set key --plaintext -- -v\n"; !strings.HasPrefix(got, want) {
		t.Errorf("pulumi records\n%s, want\n%s", got, want)
	}
}

// waitFor waits until the file contains the text.
func waitFor(t *testing.T, file, text string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if content, err := os.ReadFile(file); err == nil && strings.Contains(string(content), text) {
			return
		}
	}
	t.Fatalf("%s never contains %q", file, text)
}
