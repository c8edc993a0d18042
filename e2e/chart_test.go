package e2e

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// checkChartRepository takes MetalLB's chart from a repository. Its objects do not change. The program fetches the chart once;
// later the repository may be unavailable. Without the chart in its cache, a preview fails before anything changes.
func checkChartRepository(t *testing.T, l lab, s stack, output io.Writer) {
	folder := strings.TrimSpace(l.run(t, "tools/chart.sh", "metallb"))
	archive := l.run(t, "tar", "-C", filepath.Dir(folder), "-cz", filepath.Base(folder))
	var asked atomic.Int32
	repository := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path == "/index.yaml" {
			fmt.Fprintf(w, "entries: {metallb: [{version: 0.15.2, digest: %x, urls: [metallb-0.15.2.tgz]}]}", sha256.Sum256([]byte(archive)))
			return
		}
		_, _ = io.WriteString(w, archive)
	}))
	defer repository.Close()
	t.Setenv("HANKKI_CACHE", t.TempDir()) // an empty cache; from here on no lab verb works
	s.unset(t, "metallb.chart.path")
	s.set(t, "metallb.chart.repository", repository.URL)
	const digest = "pulumi:index:Stash rendered-charts" // the digest covers the chart's location, not only its objects
	s.upChanges(t, output, digest)
	if n := asked.Load(); n != 2 {
		t.Errorf("preview and update sent %d requests to the repository, want one for its index and one for the chart", n)
	}
	repository.Close()
	s.upChanges(t, output)

	t.Setenv("HANKKI_CACHE", t.TempDir())
	expectOutput(t, s.previewError(t), "metallb.chart", repository.URL, "refused", "metallb.chart.path")
	s.unset(t, "metallb.chart.repository")
	s.set(t, "metallb.chart.path", folder)
	s.upChanges(t, output, digest)
}
