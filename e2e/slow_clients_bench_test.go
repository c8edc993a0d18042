package e2e

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// elsewhere is a port of a lab host that is no node. TestSlowClientsElsewhere runs a server there that closes connections as the API does.
var elsewhere = attacked{tier: "backend", port: 5004, address: "10.0.1.2:5004"}

// TestSlowClientsElsewhere compares reads of the site without slow clients, beside slow clients of another host, and beside slow clients
// of the API. All hosts of the lab share the machine's cores, so the second measurement shows the cost of the clients themselves.
func TestSlowClientsElsewhere(t *testing.T) {
	const rounds = 3
	const period = 30 * time.Second
	l := runningLab(t)
	s := stageOnprem(t, l)
	s.setSecrets(t)
	destroyed := false
	s.destroyAtEnd(t, l, &destroyed)
	s.up(t, os.Stdout)
	startClosingServer(t, l)

	legs := []string{"without", "elsewhere", "at the API"}
	measured := map[string]map[string][]time.Duration{}
	for range rounds {
		for _, leg := range legs {
			stop := func() {}
			switch leg {
			case "elsewhere":
				stop = elsewhere.startSlowClients(t, l)
			case "at the API":
				stop = attackedAPI.startSlowClients(t, l)
			}
			time.Sleep(8 * time.Second) // until all are connected
			if leg == "at the API" {
				attackedAPI.expectConnected(t, l)
			}
			for name, latency := range p99(t, l, direct[:3], period) {
				if measured[name] == nil {
					measured[name] = map[string][]time.Duration{}
				}
				measured[name][leg] = append(measured[name][leg], latency)
			}
			stop()
		}
	}
	for _, name := range slices.Sorted(maps.Keys(measured)) {
		line := "p99 of reads of " + name + ":"
		for _, leg := range legs {
			of := slices.Sorted(slices.Values(measured[name][leg]))
			line += fmt.Sprintf(" %s %v (%v to %v);", leg, of[len(of)/2], of[0], of[len(of)-1])
		}
		t.Log(line)
	}
}

// startClosingServer starts a server that closes connections after the times of the API's worker (app/waiting_worker.py), until the
// test ends.
func startClosingServer(t *testing.T, l lab) {
	t.Helper()
	host, port, _ := strings.Cut(elsewhere.address, ":")
	c := l.start(t, "", "exec", "registry", "python3", l.root+"/images/backend/bench/closing_server.py", port, "--host", host)
	t.Cleanup(func() { end(t, c) })
}

// start starts a lab verb in the background, until end.
func (l lab) start(t *testing.T, stdin string, args ...string) *exec.Cmd {
	t.Helper()
	c := l.command(upLimit, "lab/lab", args...)
	c.Stderr, c.Stdin = os.Stderr, strings.NewReader(stdin)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that the signal reaches the command below the shell
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// end terminates the command and waits for it.
func end(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := syscall.Kill(-c.Process.Pid, syscall.SIGTERM); err != nil {
		t.Errorf("%v ended early: %v", c.Args, err)
	}
	_ = c.Wait() // the terminated shell exits with an error
}
