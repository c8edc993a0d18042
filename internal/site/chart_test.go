package site

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// The objects of a chart are listed and installed from one local file, even if the repository is unreachable.
func TestChartOfARepositoryIsInstalledFromALocalFile(t *testing.T) {
	var archive bytes.Buffer
	zipped := gzip.NewWriter(&archive)
	files := tar.NewWriter(zipped)
	if err := files.WriteHeader(&tar.Header{Name: "metallb/Chart.yaml", Mode: 0o600}); err != nil {
		t.Fatal(err)
	}
	files.Close()
	zipped.Close()
	repository := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/index.yaml" {
			fmt.Fprint(w, "entries: {metallb: [{version: 0.15.2, urls: [metallb.tgz]}]}")
			return
		}
		_, _ = w.Write(archive.Bytes())
	}))
	t.Setenv("HANKKI_CACHE", t.TempDir())
	for _, state := range []string{"answers", "is away"} {
		cluster, e := newKitchen(t), &engine{}
		s := cluster.stack(t).set("metallb.chart.path", "").set("metallb.chart.repository", repository.URL)
		if err := s.whole(e); err != nil {
			t.Fatalf("the repository %s: %v", state, err)
		}
		path, _ := at(e.one(t, chartType, "metallb").inputs, "chart").(string)
		if !filepath.IsAbs(path) || len(e.rendered) != 1 || !strings.Contains(e.rendered[0], path) {
			t.Errorf("the repository %s: the chart is installed from %q and listed with %v", state, path, e.rendered)
		}
		match(t, e.one(t, chartType, "metallb"), map[string]any{"version": nil, "repositoryOpts": nil})
		repository.Close()
	}
}
