package cluster

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/exec"
)

// The exit code of a command adds nothing to its output. Any other error is the reason itself, such as a lost connection.
func TestErrorOfACommandHasItsReason(t *testing.T) {
	pod := Object{Kind: PodKind, Namespace: "hankki", Name: "dumps"}
	lost := errors.New("error reading from the connection: unexpected EOF")
	code := exec.CodeExitError{Err: errors.New("command terminated with exit code 1"), Code: 1}
	for name, row := range map[string]struct {
		err  error
		said string
		want []string
	}{
		"exit code with output":    {code, "no space left\n", []string{"no space left"}},
		"exit code without output": {code, "", []string{"running sh list in", "exit code 1"}},
		"lost connection":          {lost, "restoring the dump\n", []string{"restoring the dump", "running sh list in", "dumps", "unexpected EOF"}},
		"interrupt":                {context.Canceled, "restoring the dump\n", []string{"restoring the dump", "context canceled"}},
	} {
		t.Run(name, func(t *testing.T) {
			err := failure(row.err, row.said, pod, []string{"sh", "list"})
			if err == nil {
				t.Fatal("no error")
			}
			for _, word := range row.want {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q is not in %v", word, err)
				}
			}
			if errors.Is(row.err, code) && row.said != "" && strings.Contains(err.Error(), "exit code") {
				t.Errorf("%v has the exit code", err)
			}
		})
	}
	if err := failure(nil, "a warning", pod, nil); err != nil {
		t.Error(err)
	}
	if err := failure(context.Canceled, "x", pod, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v does not wrap the interrupt", err)
	}
}

// The API server reads the options of an exec from the URL, and rejects a request without a stream.
func TestExecRequestsItsStreams(t *testing.T) {
	var path string
	var query url.Values
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, query = r.URL.Path, r.URL.Query()
		w.WriteHeader(http.StatusForbidden)
	}))
	defer server.Close()
	config := &rest.Config{Host: server.URL}
	api, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	c := &Client{Config: config, REST: api.RESTClient()}
	pod := Object{Kind: schema.GroupVersionKind{Version: "v1", Kind: "Pod"}, Namespace: "hankki", Name: "dumps"}
	for name, row := range map[string]struct {
		stdin *strings.Reader
		want  url.Values
	}{
		"without input": {nil, url.Values{"container": {"backup"}, "command": {"sh", "list"}, "stdout": {"true"}, "stderr": {"true"}}},
		"with input":    {strings.NewReader("x"), url.Values{"container": {"backup"}, "command": {"sh", "list"}, "stdin": {"true"}, "stdout": {"true"}, "stderr": {"true"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			if row.stdin == nil {
				err = c.Exec(t.Context(), pod, "backup", []string{"sh", "list"}, nil, &strings.Builder{})
			} else {
				err = c.Exec(t.Context(), pod, "backup", []string{"sh", "list"}, row.stdin, &strings.Builder{})
			}
			if err == nil {
				t.Error("no error of a denied request")
			}
			if diff := cmp.Diff(row.want, query); diff != "" || path != "/api/v1/namespaces/hankki/pods/dumps/exec" {
				t.Errorf("%s: %s", path, diff)
			}
		})
	}
}
