package charts_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"hankki/internal/charts"
	"hankki/internal/config"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

func TestChartIsFetchedOnce(t *testing.T) {
	r := newRepository(t)
	first := fetched(t, r.stack(), archive("good"))
	if requests := r.requests(); !slices.Equal(requests, []string{indexFile, chartFile}) {
		t.Errorf("requested: %q", requests)
	}
	if name := strings.TrimSuffix(filepath.Base(first), ".tgz"); name != digest(archive("good")) {
		t.Errorf("the file name of the archive is %s, not its digest", name)
	}
	requests := len(r.requests())
	r.Close()
	if second := fetched(t, r.stack(), archive("good")); second != first || len(r.requests()) != requests {
		t.Errorf("an unchanged stack requests its chart again, or its path changes from %s to %s", first, second)
	}
}

func TestEachVersionAndRepositoryHasItsOwnFile(t *testing.T) {
	r := newRepository(t)
	first := fetched(t, r.stack(), archive("good"))
	r.files["/charts/metallb-0.14.9.tgz"] = archive("old")
	c := r.stack()
	c.MetalLB.Chart.Version = "0.14.9"
	if second := fetched(t, c, archive("old")); second == first {
		t.Error("two versions share a file")
	}
	cache := os.Getenv("HANKKI_CACHE")
	other := newRepository(t)
	t.Setenv("HANKKI_CACHE", cache)
	other.offer(archive("of another"), "metallb-0.15.2.tgz")
	fetched(t, other.stack(), archive("of another"))
	if files := storedFiles(t); len(files) != 3 {
		t.Errorf("stored: %q", files)
	}
}

func TestDamagedFileIsDownloadedAgain(t *testing.T) {
	for name, damage := range map[string]func(content []byte) []byte{
		"changed":   func(content []byte) []byte { content[len(content)/2] ^= 1; return content },
		"truncated": func(content []byte) []byte { return content[:len(content)/2] },
		"empty":     func([]byte) []byte { return nil },
		"replaced":  func([]byte) []byte { return []byte(archive("bad")) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRepository(t)
			path := fetched(t, r.stack(), archive("good"))
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(content), 0o600); err != nil {
				t.Fatal(err)
			}
			fetched(t, r.stack(), archive("good"))
			if files := storedFiles(t); len(files) != 1 {
				t.Errorf("stored: %q", files)
			}
		})
	}
}

func TestDamagedFileIsRejectedWithoutTheRepository(t *testing.T) {
	r := newRepository(t)
	path := fetched(t, r.stack(), archive("good"))
	testfile.Write(t, path, archive("bad"))
	r.Close()
	stacktest.CheckError(t, charts.Fetch(t.Context(), r.stack()), path, "refused", "digest")
}

func TestChangedPasswordDownloadsNothing(t *testing.T) {
	r := newRepository(t)
	first := fetched(t, r.stack(), archive("good"))
	r.Close()
	c := r.stack()
	c.MetalLB.Chart.Repository = strings.Replace(c.MetalLB.Chart.Repository, "://", "://cook:tHe-pass@", 1) + "/"
	if second := fetched(t, c, archive("good")); second != first {
		t.Errorf("the path changes from %s to %s", first, second)
	}
}

func TestConcurrentUpdates(t *testing.T) {
	r := newRepository(t)
	paths, errs := make([]string, 8), make([]error, 8)
	var wg sync.WaitGroup
	for i := range paths {
		wg.Go(func() {
			c := r.stack()
			errs[i] = charts.Fetch(t.Context(), c)
			paths[i] = c.MetalLB.Chart.Path
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if files := storedFiles(t); len(files) != 1 || len(slices.Compact(paths)) != 1 || paths[0] != files[0] {
		t.Errorf("stored: %q, used: %q", files, paths)
	}
}

func TestPartialFileIsNotUsed(t *testing.T) {
	r := newRepository(t)
	folder := filepath.Dir(fetched(t, r.stack(), archive("good")))
	for _, file := range storedFiles(t) {
		if err := os.Rename(file, filepath.Join(folder, "partial-123")); err != nil {
			t.Fatal(err)
		}
	}
	requests := len(r.requests())
	fetched(t, r.stack(), archive("good"))
	if len(r.requests()) == requests {
		t.Error("a partial file is used as a chart")
	}
}

func TestOnlyInstalledChartsAreDownloaded(t *testing.T) {
	r := newRepository(t)
	c := r.stack()
	c.MetalLB.Manage = config.ManagePools
	c.MetricsServer.Chart = c.MetalLB.Chart
	local := t.TempDir()
	c.MetricsServer.Install, c.MetricsServer.Chart.Path = true, local
	if err := charts.Fetch(t.Context(), c); err != nil || len(r.requests()) > 0 || c.MetricsServer.Chart.Path != local {
		t.Errorf("error %v, requested: %q, the chart is %+v", err, r.requests(), c.MetricsServer.Chart)
	}
}

func TestAllErrorsAreListed(t *testing.T) {
	r := newRepository(t)
	r.Close()
	c := r.stack()
	missing := filepath.Join(t.TempDir(), "missing")
	c.MetricsServer.Install, c.MetricsServer.Chart.Path = true, missing
	err := charts.Fetch(t.Context(), c)
	stacktest.CheckError(t, err, "metallb.chart", r.URL, "metricsServer.chart.path", missing, "no such file")
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("want two lines, got: %v", err)
	}
}

func TestNoCacheFolder(t *testing.T) {
	r := newRepository(t)
	t.Setenv("HANKKI_CACHE", "")
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	stacktest.CheckError(t, charts.Fetch(t.Context(), r.stack()), "HANKKI_CACHE")
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	if path := fetched(t, r.stack(), archive("good")); !strings.HasPrefix(path, filepath.Join(os.Getenv("XDG_CACHE_HOME"), "hankki", "charts")) {
		t.Errorf("the path of the stored chart is %s", path)
	}
}
