package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
)

// reads are what people do on the client host while something happens to the site.
type reads struct {
	vegeta  *exec.Cmd
	results string
}

// readsPerSecond is little for the site and enough that a gap of a second is seen.
const readsPerSecond = 20

// startReads lets the client host open the page, the list and a recipe in turn, until stop.
func startReads(t *testing.T, l lab) *reads {
	t.Helper()
	folder := t.TempDir()
	targets := filepath.Join(folder, "targets")
	var pages strings.Builder
	for _, page := range []string{siteURL + "/", apiURL + "/api/v1/recipes", apiURL + "/api/v1/recipes/1", apiURL + "/api/v1/recipes?q=" + url.QueryEscape("찌개")} {
		fmt.Fprintf(&pages, "GET %s\n", page)
	}
	if err := os.WriteFile(targets, []byte(pages.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	r := &reads{results: filepath.Join(folder, "results")}
	r.vegeta = l.command(upLimit, "lab/lab", "exec", "client", "vegeta", "attack",
		"-targets="+targets, fmt.Sprintf("-rate=%d", readsPerSecond), "-duration="+upLimit.String(), "-timeout=10s", "-output="+r.results)
	r.vegeta.Stderr = os.Stderr
	r.vegeta.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that the interrupt reaches vegeta below the shell
	if err := r.vegeta.Start(); err != nil {
		t.Fatal(err)
	}
	return r
}

// stop ends the reads and fails the test unless every one was answered with 200.
func (r *reads) stop(t *testing.T, l lab) {
	t.Helper()
	time.Sleep(3 * time.Second) // what happened last may still have consequences
	if err := syscall.Kill(-r.vegeta.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatalf("the reads ended early: %v", err)
	}
	_ = r.vegeta.Wait() // an interrupted shell has no good exit code; what was read is in the results
	var report struct {
		Requests    int
		Success     float64
		StatusCodes map[string]int `json:"status_codes"`
		Errors      []string
		Latencies   struct {
			P99 time.Duration `json:"99th"`
			Max time.Duration
		}
	}
	if err := json.Unmarshal([]byte(l.run(t, "vegeta", "report", "-type=json", r.results)), &report); err != nil {
		t.Fatal(err)
	}
	failed := report.Requests - report.StatusCodes["200"]
	t.Logf("%d reads from the client host, %d failed; p99 %v, slowest %v", report.Requests, failed, report.Latencies.P99, report.Latencies.Max)
	if report.Requests < readsPerSecond {
		t.Errorf("only %d reads were made", report.Requests)
	}
	if failed > 0 {
		t.Errorf("%d reads failed: %v, %q", failed, report.StatusCodes, report.Errors)
	}
}

// checkDisruptions restarts Redis, then empties a worker and takes it back, as for an upgrade of the machine. With two
// replicas of the front end, for a single one has to go before the next is there.
func checkDisruptions(t *testing.T, l lab, s stack, output io.Writer) {
	if err := s.SetConfigWithOptions(t.Context(), "hankki:frontend.replicas", auto.ConfigValue{Value: "2"}, &auto.ConfigOptions{Path: true}); err != nil {
		t.Fatal(err)
	}
	s.up(t, output)
	r := startReads(t, l)
	l.kubectl(t, "delete", "pod", "-n", "hankki", "-l", "app.kubernetes.io/name=redis", "--wait=true")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/redis", "--timeout=90s")
	l.kubectl(t, "drain", "w1", "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=110s")
	l.kubectl(t, "uncordon", "w1")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/backend", "--timeout=90s")
	r.stop(t, l)
}
