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

// load is what people read on a host of the lab while something happens to the site. The zero load is the usual one.
type load struct {
	from        string        // a host; empty: the client
	pages       []string      // opened in turn; empty: those of a site whose page calls the API itself
	rate        int           // a second; 0: readsPerSecond
	patience    time.Duration // for an answer; 0: ten seconds, as people have it
	authority   string        // PEM file of what https is trusted by; empty: the host's own
	newVisitors bool          // a connection for each read, as for who comes for the first time
}

// reads are a load that is under way.
type reads struct {
	load    *exec.Cmd
	results string // the file of its output
	rate    int
	began   time.Time
}

// readsPerSecond is little for the site and enough that a gap of a second is seen.
const readsPerSecond = 20

// direct are the page, the list, a recipe and a search; behindNginx is what has the page's own origin.
var (
	direct      = []string{siteURL + "/", apiURL + "/api/v1/recipes", apiURL + "/api/v1/recipes/1", apiURL + "/api/v1/recipes?q=" + url.QueryEscape("찌개")}
	behindNginx = []string{siteURL + "/", siteURL + "/api/v1/recipes", siteURL + "/api/v1/recipes/1"}
)

// startReads begins the usual load, until end or stop.
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

// read is one of them, as it went.
type read struct {
	URL       string
	Code      int // 0: no answer
	Body      []byte
	Error     string
	Timestamp time.Time
	Latency   time.Duration
}

func (r read) failed() bool { return r.Code != http.StatusOK }

// end gives all reads in the order of their beginning.
func (r *reads) end(t *testing.T) []read {
	t.Helper()
	time.Sleep(3 * time.Second) // what happened last may still have consequences
	ended := time.Now()
	if err := syscall.Kill(-r.load.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatalf("the reads ended early: %v", err)
	}
	_ = r.load.Wait() // an interrupted shell has no good exit code; what was read is in the results
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

// expectWhole fails the test if the load ended before its time, which no signal tells of who is not waited for yet, or was
// less than it should be. A read that waits for its answer delays no other: the load starts as many connections as it takes.
func (r *reads) expectWhole(t *testing.T, all []read, ended time.Time) {
	t.Helper()
	const starts = 2 * time.Second
	if due := int(0.8 * float64(r.rate) * (ended.Sub(r.began) - starts).Seconds()); len(all) < due || len(all) == 0 {
		t.Errorf("only %d reads were made in %v, %d are the least", len(all), ended.Sub(r.began), due)
		return
	}
	if before := ended.Sub(all[len(all)-1].Timestamp); before > 3*time.Second {
		t.Errorf("the last read began %v before the end", before)
	}
}

// stop ends the reads and fails the test unless every one was answered with 200.
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
			wrong[fmt.Sprintf("%d %s", one.Code, one.Error)]++
		}
	}
	t.Logf("%d reads, %d failed; the slowest took %v", len(all), failed, slowest)
	if failed > 0 {
		t.Errorf("%d reads failed: %v", failed, wrong)
	}
}
