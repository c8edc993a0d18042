package e2e

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Slow clients per pod: silent ones send nothing, half-sent ones send half of a request's head, trickling ones send one byte of
// the body per second.
const (
	silentClients, halfSentClients, tricklingClients = 500, 200, 20
	apiPods                                          = 5
)

// checkSlowClients compares reads with and without slow clients. No read and no probe may fail, and no container may restart.
func checkSlowClients(t *testing.T, l lab) {
	t.Helper()
	restarts, failedProbes := apiRestarts(t, l), probeFailures(t, l)
	without := p99(t, l)
	stop := startSlowClients(t, l)
	beside := p99(t, l)
	stop()
	t.Logf("p99 of reads: %v without slow clients, %v with them", without, beside)
	// A read that waits for a slow client takes seconds. `make bench-api` measures the speed.
	if limit := 2 * time.Second; beside > limit {
		t.Errorf("p99 of reads is %v with slow clients, want at most %v", beside, limit)
	}
	if now := apiRestarts(t, l); now != restarts {
		t.Errorf("the API's containers restarted: %q, before %q", now, restarts)
	}
	if now := probeFailures(t, l); now != failedProbes {
		t.Errorf("%d probes of the API failed", now-failedProbes)
	}
}

// startSlowClients starts slow clients on the client host. They reconnect when they are disconnected, until stop.
func startSlowClients(t *testing.T, l lab) (stop func()) {
	t.Helper()
	number := func(each int) string { return strconv.Itoa(each * apiPods) }
	c := l.command(upLimit, "lab/lab", "exec", "client", "python3", l.root+"/images/backend/bench/slow_clients.py", "5000", "--host", "10.0.0.3",
		"--silent", number(silentClients), "--half-sent", number(halfSentClients), "--trickling", number(tricklingClients))
	c.Stderr = os.Stderr
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that the signal reaches python3 below the shell
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(10 * time.Second) // until all are connected
	return func() {
		if err := syscall.Kill(-c.Process.Pid, syscall.SIGTERM); err != nil {
			t.Errorf("the slow clients ended early: %v", err)
		}
		_ = c.Wait() // the terminated shell exits with an error
	}
}

// p99 reads the API for 30 s and returns the 99th percentile of the latencies. It fails the test if a read fails.
func p99(t *testing.T, l lab) time.Duration {
	t.Helper()
	r := load{rate: 50, pages: direct[1:3]}.start(t, l)
	time.Sleep(30 * time.Second)
	all := r.end(t)
	var latencies []time.Duration
	failed := map[string]int{}
	for _, one := range all {
		latencies = append(latencies, one.Latency)
		if one.failed() {
			failed[strconv.Itoa(one.Code)+" "+one.Error]++
		}
	}
	if len(failed) > 0 {
		t.Errorf("some of %d reads failed: %v", len(all), failed)
	}
	slices.Sort(latencies)
	return latencies[len(latencies)*99/100]
}

// apiRestarts returns the names of the API's pods with the restarts of their containers.
func apiRestarts(t *testing.T, l lab) string {
	t.Helper()
	return l.kubectl(t, "get", "pods", "-n", "hankki", "-l", "app.kubernetes.io/name=backend",
		"-o", `go-template={{range .items}}{{.metadata.name}} {{range .status.containerStatuses}}{{.restartCount}}{{end}} {{end}}`)
}

// probeFailures returns the number of failed probes of the API that the kubelet has reported.
func probeFailures(t *testing.T, l lab) int {
	t.Helper()
	failures := 0
	counts := l.kubectl(t, "get", "events", "-n", "hankki", "--field-selector", "reason=Unhealthy", "--ignore-not-found",
		"-o", `go-template={{range .items}}{{if eq .involvedObject.kind "Pod"}}{{.involvedObject.name}} {{or .count 1}}{{"\n"}}{{end}}{{end}}`)
	for line := range strings.Lines(counts) {
		pod, count, _ := strings.Cut(strings.TrimSpace(line), " ")
		if n, err := strconv.Atoi(count); err == nil && strings.HasPrefix(pod, "backend-") && !strings.HasPrefix(pod, "backend-release") {
			failures += n
		}
	}
	return failures
}
