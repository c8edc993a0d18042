package cluster

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
)

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
