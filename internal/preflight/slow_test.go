package preflight_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"hankki/internal/config"
	"hankki/internal/kubeconfig"
	"hankki/internal/preflight"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

// stuck returns a handler that does not respond below a path until the test ends.
func stuck(t *testing.T, path string, otherwise http.Handler) *system {
	t.Helper()
	ended := make(chan struct{})
	s := serve(t, "http", loopback, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, path) {
			otherwise.ServeHTTP(w, r)
			return
		}
		select {
		case <-r.Context().Done():
		case <-ended:
		}
	}))
	t.Cleanup(func() { close(ended) }) // before the server waits for its requests
	return s
}

// A response after the limit is reported as slow, with the check, the limit and the solution, not as missing or refused.
func TestSlowClusterIsNotReportedAsMissing(t *testing.T) {
	notFound := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/version" {
			_, _ = w.Write([]byte(`{"major":"1","minor":"34","gitVersion":"v1.34.4"}`))
			return
		}
		stacktest.WriteStatus(w, http.StatusNotFound, "not found")
	})
	for name, row := range map[string]struct {
		path     string // for which the API server does not respond
		change   func(*config.Config)
		messages string
	}{
		"the API server":                   {"/", nil, "reading the version of the cluster"},
		"nodes":                            {"/api/v1/nodes", nil, "reading nodes from the cluster"},
		"the address of a database":        {"/api/v1/services", func(c *config.Config) { c.Database.Host = "10.0.0.9" }, "reading the Services of the database and of the bucket from"},
		"a Service that is a database":     {"/api/v1/namespaces", func(c *config.Config) { c.Database.Host = "db.shop.svc" }, "reading the Services of the database and of the bucket from"},
		"storage classes":                  {"/apis/storage.k8s.io", func(c *config.Config) { c.Redis.Persistence.Enabled = true }, "reading volumes from"},
		"the kinds of Prometheus operator": {"/apis/monitoring.coreos.com", func(c *config.Config) { c.Monitoring.Enabled = true }, "reading the kinds of the Prometheus operator from"},
	} {
		t.Run(name, func(t *testing.T) {
			preflight.Limit(t, time.Second)
			cluster := stuck(t, row.path, notFound)
			testfile.UseKubeconfig(t, map[string]string{"kitchen": cluster.URL}, "kitchen")
			c := stack("")
			if row.change != nil {
				row.change(c)
			}
			refused(t, c, 1, row.messages, cluster.URL, "1s, the limit of the checks", "busy", "nothing has changed", "try again")
		})
	}
}

func TestSlowRegistryOrEngineIsReportedAsSlow(t *testing.T) {
	preflight.Limit(t, time.Second)
	slow := stuck(t, "/", nil)
	newCluster(t, http.StatusOK)
	c := stack(slow.address())
	c.Images.Builder = config.BuilderDocker
	t.Setenv("DOCKER_HOST", "tcp://"+slow.address())
	t.Setenv("DOCKER_CERT_PATH", "")
	refused(t, c, 2, `registry.server "`+slow.address()+`": checking the permission to push took longer than 1s`, "the Docker engine at tcp://"+slow.address()+" took longer than 1s")
}

// The program runs the LAN checks separately.
func TestSlowLANCheckIsReportedAsSlow(t *testing.T) {
	preflight.Limit(t, time.Second)
	cluster := stuck(t, "/apis/metallb.io", http.NotFoundHandler())
	testfile.UseKubeconfig(t, map[string]string{"kitchen": cluster.URL}, "kitchen")
	client, err := kubeconfig.Load("")
	if err != nil {
		t.Fatal(err)
	}
	c := stack("")
	c.MetalLB.Manage = config.ManagePools
	_, err = preflight.LAN(context.Background(), c, client, owned{})
	printed := preflight.Slow("reading MetalLB", err)
	if printed == nil || !strings.Contains(printed.Error(), "took longer than 1s") || !strings.Contains(printed.Error(), "ipaddresspools") {
		t.Errorf("%v", printed)
	}
}
