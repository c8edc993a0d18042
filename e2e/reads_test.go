package e2e

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// load describes the reads of a lab host during a test. The zero load is the default.
type load struct {
	from        string        // lab host; empty: client
	pages       []string      // URLs, read in turn; empty: direct
	rate        int           // reads per second; 0: readsPerSecond
	patience    time.Duration // timeout of a read; 0: 10 s
	authority   string        // PEM file of the authority for https; empty: the host's own
	newVisitors bool          // a new connection for each read
}

// reads is a running load.
type reads struct {
	load    *exec.Cmd
	results string // the file of its output
	rate    int
	began   time.Time
}

// readsPerSecond is a light load that still shows a gap of 1 s.
const readsPerSecond = 20

// direct are the page and, at the API's address, the list, a recipe and a search. behindNginx are pages at the page's origin.
var (
	direct      = []string{siteURL + "/", apiURL + "/api/v1/recipes", apiURL + "/api/v1/recipes/1", apiURL + "/api/v1/recipes?q=" + url.QueryEscape("찌개")}
	behindNginx = []string{siteURL + "/", siteURL + "/api/v1/recipes", siteURL + "/api/v1/recipes/1"}
)

// startReads starts the default load, until end or stop.
func startReads(t *testing.T, l lab) *reads {
	t.Helper()
	return load{}.start(t, l)
}

func (w load) start(t *testing.T, l lab) *reads {
	t.Helper()
	rate, pages := cmp.Or(w.rate, readsPerSecond), w.pages
	if pages == nil {
		pages = direct
	}
	results, err := os.Create(filepath.Join(t.TempDir(), "results"))
	if err != nil {
		t.Fatal(err)
	}
	defer results.Close()
	r := &reads{results: results.Name(), rate: rate, began: time.Now()}
	r.load = l.command(upLimit, "lab/lab", "exec", cmp.Or(w.from, "client"), "load", fmt.Sprintf("-rate=%d", rate),
		"-timeout="+cmp.Or(w.patience, 10*time.Second).String(), fmt.Sprintf("-keepalive=%t", !w.newVisitors), "-root-certs="+w.authority)
	r.load.Args = append(r.load.Args, pages...)
	r.load.Stdout, r.load.Stderr = results, os.Stderr
	r.load.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that the interrupt reaches the load below the shell
	if err := r.load.Start(); err != nil {
		t.Fatal(err)
	}
	return r
}

// read is one read with its result.
type read struct {
	URL       string
	Code      int // HTTP status; 0: no response
	Body      []byte
	Error     string
	Timestamp time.Time
	Latency   time.Duration
}

func (r read) failed() bool { return r.Code != http.StatusOK }

// end stops the load and returns all reads in the order of their start.
func (r *reads) end(t *testing.T) []read {
	t.Helper()
	time.Sleep(3 * time.Second) // the last event may still have effects
	ended := time.Now()
	if err := syscall.Kill(-r.load.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatalf("the reads ended early: %v", err)
	}
	_ = r.load.Wait() // the interrupted shell exits with an error; the reads are in the results
	var all []read
	results, err := os.Open(r.results)
	if err != nil {
		t.Fatal(err)
	}
	defer results.Close()
	lines := json.NewDecoder(results)
	for lines.More() {
		var one read
		if err := lines.Decode(&one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b read) int { return a.Timestamp.Compare(b.Timestamp) })
	r.expectWhole(t, all, ended)
	return all
}

// expectWhole fails the test if the load ended early or made too few reads. A slow response delays no other read: the load opens
// as many connections as it needs. An early end has to be detected here, because a signal to an ended process that was not yet
// waited for succeeds.
func (r *reads) expectWhole(t *testing.T, all []read, ended time.Time) {
	t.Helper()
	const starts = 2 * time.Second
	if due := int(0.8 * float64(r.rate) * (ended.Sub(r.began) - starts).Seconds()); len(all) < due || len(all) == 0 {
		t.Errorf("only %d reads were made in %v, want at least %d", len(all), ended.Sub(r.began), due)
		return
	}
	if before := ended.Sub(all[len(all)-1].Timestamp); before > 3*time.Second {
		t.Errorf("the last read started %v before the end, want at most 3 s", before)
	}
}

// stop ends the load and fails the test unless every read returned 200.
func (r *reads) stop(t *testing.T) {
	t.Helper()
	all := r.end(t)
	var slowest time.Duration
	wrong := map[string]int{}
	failed := 0
	for _, one := range all {
		slowest = max(slowest, one.Latency)
		if one.failed() {
			failed++
			// The latency tells the timeout that was reached.
			wrong[fmt.Sprintf("%s %s: %d %s after %v: %.300s", one.Timestamp.Format(time.TimeOnly), one.URL, one.Code, one.Error, one.Latency, one.Body)]++
		}
	}
	t.Logf("%d reads, %d failed; the slowest took %v", len(all), failed, slowest)
	if failed > 0 {
		t.Errorf("%d reads failed: %v", failed, wrong)
	}
}
