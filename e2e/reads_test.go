package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// reads are what people do on the client host while something happens to the site.
type reads struct {
	vegeta  *exec.Cmd
	results string
}

// readsPerSecond is little for the site and enough that a gap of a second is seen.
const readsPerSecond = 20

// startReads lets the client host open the page, the list, a recipe and a search in turn, until end or stop. As people
// do, it waits ten seconds for an answer; more options are vegeta's.
func startReads(t *testing.T, l lab, options ...string) *reads {
	t.Helper()
	return startReadsFrom(t, l, "client", options...)
}

func startReadsFrom(t *testing.T, l lab, host string, options ...string) *reads {
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
	r.vegeta = l.command(upLimit, "lab/lab", append([]string{
		"exec", host, "vegeta", "attack", "-targets=" + targets, fmt.Sprintf("-rate=%d", readsPerSecond),
		"-duration=" + upLimit.String(), "-output=" + r.results, "-timeout=10s",
	}, options...)...)
	r.vegeta.Stderr = os.Stderr
	r.vegeta.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that the interrupt reaches vegeta below the shell
	if err := r.vegeta.Start(); err != nil {
		t.Fatal(err)
	}
	return r
}

// read is one of them, as it went.
type read struct {
	URL       string
	Code      int // 0: no answer
	Error     string
	Timestamp time.Time
	Latency   time.Duration
}

func (r read) failed() bool { return r.Code != http.StatusOK }

// end gives all reads in the order of their beginning.
func (r *reads) end(t *testing.T, l lab) []read {
	t.Helper()
	time.Sleep(3 * time.Second) // what happened last may still have consequences
	if err := syscall.Kill(-r.vegeta.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatalf("the reads ended early: %v", err)
	}
	_ = r.vegeta.Wait() // an interrupted shell has no good exit code; what was read is in the results
	var all []read
	lines := json.NewDecoder(strings.NewReader(l.run(t, "vegeta", "encode", "-to=json", r.results)))
	for lines.More() {
		var one read
		if err := lines.Decode(&one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b read) int { return a.Timestamp.Compare(b.Timestamp) })
	if len(all) < readsPerSecond {
		t.Errorf("only %d reads were made", len(all))
	}
	return all
}

// stop ends the reads and fails the test unless every one was answered with 200.
func (r *reads) stop(t *testing.T, l lab) {
	t.Helper()
	all := r.end(t, l)
	var slowest time.Duration
	wrong := map[string]int{}
	failed := 0
	for _, one := range all {
		slowest = max(slowest, one.Latency)
		if one.failed() {
			failed++
			wrong[fmt.Sprintf("%d %s", one.Code, one.Error)]++
		}
	}
	t.Logf("%d reads, %d failed; the slowest took %v", len(all), failed, slowest)
	if failed > 0 {
		t.Errorf("%d reads failed: %v", failed, wrong)
	}
}
