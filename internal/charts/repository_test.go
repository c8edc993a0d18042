package charts_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hankki/internal/charts"
	"hankki/internal/config"
)

func TestURLsInTheIndex(t *testing.T) {
	good := archive("good")
	for name, url := range map[string]string{
		"relative": "metallb-0.15.2.tgz", "relative to the server": chartFile, "absolute": "", "in a folder": "archives/a.tgz",
	} {
		t.Run(name, func(t *testing.T) {
			r := newRepository(t)
			if url == "" {
				url = r.URL + chartFile
			}
			r.files["/charts/archives/a.tgz"] = good
			r.offer(good, url)
			fetched(t, r.stack(), good)
			c := r.stack()
			c.MetalLB.Chart.Repository += "/"
			fetched(t, c, good)
		})
	}
}

func TestHTTPS(t *testing.T) {
	r := newRepository(t)
	r.Server = httptest.NewTLSServer(r)
	defer r.Close()
	fetched(t, r.stack(), archive("good"))

	c := r.stack()
	c.MetalLB.Chart.Version = "v0.15.2" // Helm ignores a leading v
	fetched(t, c, archive("good"))
}

func TestRepositoryErrors(t *testing.T) {
	good := archive("good")
	truncated := func(content string) http.HandlerFunc { // the Content-Length exceeds the body
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write([]byte(content))
		}
	}
	stalls := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	refuses := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }
	for name, row := range map[string]struct {
		bad  func(r *repository)
		want []string
	}{
		"no such version": {func(r *repository) { r.files[indexFile] = strings.ReplaceAll(r.files[indexFile], "0.15.2", "0.15.1") }, []string{"no such version", "0.15.3, 0.15.1, 0.14.9"}},
		"no such chart":   {func(r *repository) { r.files[indexFile] = strings.ReplaceAll(r.files[indexFile], "metallb:", "metal:") }, []string{"no chart metallb", "frr-k8s, metal"}},
		"no index":        {func(r *repository) { delete(r.files, indexFile) }, []string{indexFile, "404"}},
		"no archive":      {func(r *repository) { delete(r.files, chartFile) }, []string{chartFile, "404"}},
		"a page as index": {func(r *repository) { r.files[indexFile] = "<html>Please\nlog\tin</html>" }, []string{"index.yaml"}},
		"an empty index":  {func(r *repository) { r.files[indexFile] = "" }, []string{"no chart metallb", "available: none"}},
		"no URL": {func(r *repository) {
			r.files[indexFile] = strings.Replace(r.files[indexFile], `["metallb-0.15.2.tgz"]`, "[]", 1)
		}, []string{"no URL"}},
		"another digest":      {func(r *repository) { r.files[chartFile] = archive("bad") }, []string{digest(good), digest(archive("bad")), "digest"}},
		"a truncated archive": {func(r *repository) { r.files[chartFile] = good[:len(good)/2] }, []string{digest(good), "digest"}},
		"a truncated archive without a digest": {func(r *repository) {
			r.files[chartFile] = good[:len(good)/2]
			r.files[indexFile] = index("", chartFile)
		}, []string{"damaged"}},
		"a page as archive":    {func(r *repository) { r.files[chartFile] = "<html>"; r.files[indexFile] = index("", chartFile) }, []string{"not a .tgz archive"}},
		"a truncated index":    {func(r *repository) { r.odd[indexFile] = truncated("entries:") }, []string{indexFile, "incomplete"}},
		"a truncated response": {func(r *repository) { r.odd[chartFile] = truncated(good) }, []string{chartFile, "incomplete"}},
		"the index stalls":     {func(r *repository) { r.odd[indexFile] = stalls }, []string{indexFile, "deadline"}},
		"the chart stalls":     {func(r *repository) { r.odd[chartFile] = stalls }, []string{chartFile, "deadline"}},
		"forbidden":            {func(r *repository) { r.odd[indexFile] = refuses }, []string{"403"}},
		"connection refused":   {func(r *repository) { r.Close() }, []string{"refused"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRepository(t)
			row.bad(r)
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			started := time.Now()
			rejected(t, ctx, r.stack(), append(row.want, r.URL)...)
			if took := time.Since(started); took > 5*time.Second {
				t.Errorf("the error took %v", took)
			}
		})
	}
}

func TestPasswordIsNotPrinted(t *testing.T) {
	r := newRepository(t)
	with := func() *config.Config {
		c := r.stack()
		c.MetalLB.Chart.Repository = strings.Replace(c.MetalLB.Chart.Repository, "://", "://cook:tHe-pass@", 1)
		return c
	}
	r.odd[indexFile] = func(w http.ResponseWriter, request *http.Request) {
		if user, password, _ := request.BasicAuth(); user != "cook" || password != "tHe-pass" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(index("", "elsewhere.tgz")))
	}
	unreachable := func() error { r.Close(); return charts.Fetch(t.Context(), with()) }
	for _, err := range []error{charts.Fetch(t.Context(), with()), unreachable()} {
		if err == nil || strings.Contains(err.Error(), "tHe-pass") || strings.Contains(err.Error(), "401") {
			t.Errorf("want an error without the password, got: %v", err)
		}
	}
	c := with()
	c.MetalLB.Chart.Repository = "http://cook:tHe-pass@host:port\n/"
	if err := charts.Fetch(t.Context(), c); err == nil || strings.Contains(err.Error(), "tHe-pass") || !strings.Contains(err.Error(), "not a URL") {
		t.Errorf("want an error without the password, got: %v", err)
	}
}
