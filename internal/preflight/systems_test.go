package preflight_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"hankki/internal/config"
	"hankki/internal/kubeconfig"
	"hankki/internal/preflight"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

// system is a server that records its requests.
type system struct {
	*httptest.Server
	handler   http.Handler
	mu        sync.Mutex
	requested []string          // METHOD path
	objects   map[string]string // a cluster's responses, by path; empty: 403
}

func (s *system) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.requested = append(s.requested, r.Method+" "+r.URL.Path)
	s.mu.Unlock()
	s.handler.ServeHTTP(w, r)
}

func (s *system) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requested)
}

func (s *system) address() string { return s.Listener.Addr().String() }

// serve starts a server on an address; scheme https uses a certificate of an unknown authority.
func serve(t *testing.T, scheme, host string, handler http.Handler) *system {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	s := &system{handler: handler}
	s.Server = &httptest.Server{Listener: listener, Config: &http.Server{Handler: s, ErrorLog: log.New(io.Discard, "", 0)}}
	if scheme == "https" {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

// Addresses of this machine. Like Docker, registry clients use plain HTTP on the first without configuration.
const (
	loopback = "127.0.0.1"
	other    = "127.0.0.2"
)

// newRegistry starts a registry with one user.
func newRegistry(t *testing.T, scheme, host string) *system {
	t.Helper()
	return serve(t, scheme, host, stacktest.Registry(goodPassword))
}

const goodPassword, badPassword = "right-password", "wrong-password"

// newCluster starts an API server that returns status for /version, and sets its kubeconfig.
func newCluster(t *testing.T, status int) *system {
	t.Helper()
	objects := map[string]string{"/api/v1/nodes": `{"kind":"NodeList","apiVersion":"v1","items":[]}`}
	s := serve(t, "http", loopback, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch object, known := objects[r.URL.Path]; {
		case known && object == "":
			stacktest.WriteStatus(w, http.StatusForbidden, "not for you")
		case known:
			io.WriteString(w, object)
		case r.URL.Path != "/version":
			stacktest.WriteStatus(w, http.StatusNotFound, "no such thing")
		case status != http.StatusOK:
			stacktest.WriteStatus(w, status, "not for you")
		default:
			io.WriteString(w, `{"major":"1","minor":"34","gitVersion":"v1.34.4"}`)
		}
	}))
	s.objects = objects
	testfile.UseKubeconfig(t, map[string]string{"kitchen": s.URL}, "kitchen")
	return s
}

// caFile writes the certificate authority of a server to a file.
func caFile(t *testing.T, s *system) string {
	t.Helper()
	return testfile.Temporary(t, "ca.pem", stacktest.CertificateOf(s.Server))
}

func stack(server string) *config.Config {
	return &config.Config{
		Registry: config.Registry{Server: server, Prefix: "hankki", Username: "cook"},
		Secrets:  config.Secrets{RegistryPassword: goodPassword},
	}
}

// check runs the checks with the cluster of the kubeconfig.
func check(ctx context.Context, c *config.Config) error {
	client, err := kubeconfig.Load(c.KubeContext)
	return errors.Join(err, preflight.Check(ctx, c, client, func(context.Context) error { return nil }))
}

// refused runs the checks and fails the test unless the error has this number of lines and contains all of the words.
func refused(t *testing.T, c *config.Config, lines int, words ...string) string {
	t.Helper()
	err := check(context.Background(), c)
	if err == nil {
		t.Fatalf("the check succeeds; want an error that names %q", words)
	}
	text := err.Error()
	if got := strings.Count(text, "\n") + 1; got != lines {
		t.Errorf("want %d lines, got %d:\n%s", lines, got, text)
	}
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("the error does not name %q:\n%s", word, text)
		}
	}
	for _, password := range []string{goodPassword, badPassword, "cook-token"} {
		if strings.Contains(text, password) {
			t.Errorf("the error prints %s", password)
		}
	}
	return text
}

// checkLines requires one line of the error for each message, with all of its words and all common ones.
func checkLines(t *testing.T, err error, messages [][]string, common ...string) {
	t.Helper()
	var lines []string
	if err != nil {
		lines = strings.Split(err.Error(), "\n")
	}
	if len(lines) != len(messages) {
		t.Fatalf("want %d lines, got:\n%v", len(messages), err)
	}
	for i, words := range messages {
		for _, word := range slices.Concat(words, common) {
			if !strings.Contains(lines[i], word) {
				t.Errorf("the line does not name %q: %s", word, lines[i])
			}
		}
	}
}

func accepted(t *testing.T, c *config.Config) {
	t.Helper()
	if err := check(context.Background(), c); err != nil {
		t.Fatalf("a valid stack is refused:\n%v", err)
	}
}
