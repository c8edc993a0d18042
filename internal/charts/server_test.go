package charts_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hankki/internal/charts"
	"hankki/internal/config"
	"hankki/internal/stacktest"
)

// repository is a Helm repository on loopback that records its requests.
type repository struct {
	*httptest.Server
	mu    sync.Mutex
	paths []string                    // requested
	files map[string]string           // content by path
	odd   map[string]http.HandlerFunc // overrides by path
}

func (r *repository) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	r.paths = append(r.paths, request.URL.Path)
	odd := r.odd[request.URL.Path]
	content, found := r.files[request.URL.Path]
	r.mu.Unlock()
	switch {
	case odd != nil:
		odd(w, request)
	case found:
		fmt.Fprint(w, content)
	default:
		http.NotFound(w, request)
	}
}

func (r *repository) requests() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.paths...)
}

const (
	chartFile = "/charts/metallb-0.15.2.tgz"
	indexFile = "/charts/index.yaml"
)

// archive returns a Helm chart with one file.
func archive(text string) string {
	var packed bytes.Buffer
	zipped := gzip.NewWriter(&packed)
	files := tar.NewWriter(zipped)
	content := "name: metallb\nversion: 0.15.2\ndescription: " + text + "\n"
	for _, err := range []error{
		files.WriteHeader(&tar.Header{Name: "metallb/Chart.yaml", Mode: 0o600, Size: int64(len(content))}),
		write(files, content), files.Close(), zipped.Close(),
	} {
		if err != nil {
			panic(err)
		}
	}
	return packed.String()
}

func write(w interface {
	Write(content []byte) (int, error)
}, content string) error {
	_, err := w.Write([]byte(content))
	return err
}

func digest(content string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(content))) }

func index(digest, url string) string {
	return fmt.Sprintf(`apiVersion: v1
entries:
  frr-k8s:
  - {name: frr-k8s, version: 0.0.20, urls: [frr-k8s-0.0.20.tgz]}
  metallb:
  - {name: metallb, version: 0.15.3, urls: [metallb-0.15.3.tgz]}
  - {name: metallb, version: 0.15.2, digest: "%s", urls: ["%s"]}
  - {name: metallb, version: 0.14.9, urls: [metallb-0.14.9.tgz]}
`, digest, url)
}

// newRepository serves one chart. The cache folder is empty.
func newRepository(t *testing.T) *repository {
	t.Helper()
	t.Setenv("HANKKI_CACHE", t.TempDir())
	r := &repository{files: map[string]string{}, odd: map[string]http.HandlerFunc{}}
	r.offer(archive("good"), "metallb-0.15.2.tgz")
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *repository) offer(content, url string) {
	r.files[chartFile], r.files[indexFile] = content, index(digest(content), url)
}

func (r *repository) stack() *config.Config {
	return &config.Config{MetalLB: config.MetalLB{Manage: config.ManageInstall, Chart: config.Chart{Repository: r.URL + "/charts", Version: "0.15.2"}}}
}

// fetched checks that Fetch succeeds and that the stored file has the given content. It returns the path.
func fetched(t *testing.T, c *config.Config, want string) string {
	t.Helper()
	if err := charts.Fetch(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	chart := c.MetalLB.Chart
	if chart != (config.Chart{Path: chart.Path}) || !filepath.IsAbs(chart.Path) || !strings.HasSuffix(chart.Path, ".tgz") {
		t.Errorf("the chart is %+v, not a local archive", chart)
	}
	if got, err := os.ReadFile(chart.Path); err != nil || string(got) != want {
		t.Errorf("the archive is not that of the repository (error: %v)", err)
	}
	return chart.Path
}

// rejected checks that the error is one line with all words, and that no file is stored.
func rejected(t *testing.T, ctx context.Context, c *config.Config, words ...string) { //nolint:revive // as in the package testing
	t.Helper()
	before := c.MetalLB.Chart
	err := charts.Fetch(ctx, c)
	stacktest.CheckError(t, err, append(words, "metallb.chart", "metallb.chart.path", "0.15.2")...)
	if err != nil && strings.Contains(err.Error(), "\n") {
		t.Errorf("the error has several lines:\n%v", err)
	}
	if c.MetalLB.Chart != before {
		t.Errorf("the chart became %+v", c.MetalLB.Chart)
	}
	if files := storedFiles(t); len(files) > 0 {
		t.Errorf("stored: %q", files)
	}
}

// storedFiles lists all files in the cache folder.
func storedFiles(t *testing.T) (files []string) {
	t.Helper()
	err := filepath.WalkDir(os.Getenv("HANKKI_CACHE"), func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestMain makes this process trust the certificate of httptest's servers.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		server := httptest.NewTLSServer(http.NotFoundHandler())
		defer server.Close()
		file := filepath.Join(os.TempDir(), fmt.Sprintf("hankki-charts-%d.pem", os.Getpid()))
		if err := os.WriteFile(file, []byte(stacktest.CertificateOf(server)), 0o600); err != nil {
			panic(err)
		}
		defer os.Remove(file)
		os.Setenv("SSL_CERT_FILE", file)
		return m.Run()
	}())
}
