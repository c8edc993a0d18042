package preflight_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"testing"

	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

// Each error about the cluster names these settings.
var clusterKeys = []string{"KUBECONFIG", "hankki:kubeContext"}

func TestClusterCheckReadsVersionAndNodesOnly(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	accepted(t, stack(newRegistry(t, "http", loopback).address()))
	if requested := cluster.requests(); !slices.Equal(requested, []string{"GET /version", "GET /api/v1/nodes"}) {
		t.Errorf("the requests to the cluster are %q", requested)
	}
}

// Versions of distributions have a suffix.
func TestOldKubernetesIsRefused(t *testing.T) {
	for version, messages := range map[string][]string{
		"v1.31.14":         append(clusterKeys, "has Kubernetes v1.31.14", "1.32 or later"),
		"v1.31.9-gke.1044": append(clusterKeys, "has Kubernetes v1.31.9-gke.1044", "1.32 or later"),
		"unknown":          {"the version of the cluster", "unknown"},
		"v1.32.0":          nil,
		"v1.33.1+k3s1":     nil,
	} {
		t.Run(version, func(t *testing.T) {
			cluster := newCluster(t, http.StatusOK)
			cluster.objects["/version"] = fmt.Sprintf(`{"major":"1","minor":"34","gitVersion":%q}`, version)
			c := stack(newRegistry(t, "http", loopback).address())
			if messages == nil {
				accepted(t, c)
				return
			}
			c.Monitoring.Enabled = true // reported too
			refused(t, c, 2, append(messages, cluster.URL, "PodMonitor")...)
		})
	}
}

func TestClusterRefusesTheCredentials(t *testing.T) {
	cluster := newCluster(t, http.StatusUnauthorized)
	refused(t, stack(newRegistry(t, "http", loopback).address()), 1, append(clusterKeys, cluster.URL, "rejects the user", "not for you")...)
}

func TestClusterIsUnreachable(t *testing.T) {
	address := stacktest.ClosedAddress(t)
	testfile.UseKubeconfig(t, map[string]string{"kitchen": "http://" + address}, "kitchen")
	refused(t, stack(newRegistry(t, "http", loopback).address()), 1, append(clusterKeys, address, "refused")...)
}

func TestClusterOfAnotherAuthorityIsRefused(t *testing.T) {
	cluster := serve(t, "https", loopback, http.NotFoundHandler())
	testfile.UseKubeconfig(t, map[string]string{"kitchen": cluster.URL}, "kitchen")
	refused(t, stack(newRegistry(t, "http", loopback).address()), 1, append(clusterKeys, cluster.URL, "certificate")...)
}

func TestKubeContextChoosesTheCluster(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	testfile.UseKubeconfig(t, map[string]string{"dead": "http://" + stacktest.ClosedAddress(t), "alive": cluster.URL}, "dead")
	c := stack(newRegistry(t, "http", loopback).address())
	refused(t, c, 1, clusterKeys...)

	c.KubeContext = "alive"
	accepted(t, c)

	c.KubeContext = "nowhere"
	refused(t, c, 1, append(clusterKeys, `"nowhere"`)...)
}

// The stack does not install the Prometheus operator. Without its CRDs the provider would fail in the middle of an up.
func TestMonitoringNeedsTheOperatorsKinds(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	c := stack(newRegistry(t, "http", loopback).address())
	c.Monitoring.Enabled = true
	refused(t, c, 1, "monitoring.enabled", cluster.URL, "PodMonitor", "install the Prometheus operator")
	requested := cluster.requests() // sent concurrently, except the first
	slices.Sort(requested[1:])
	if !slices.Equal(requested, []string{"GET /version", "GET /api/v1/nodes", "GET /apis/monitoring.coreos.com/v1"}) {
		t.Errorf("the requests to the cluster are %q", requested)
	}
}

func TestNoKubeconfig(t *testing.T) {
	testfile.HideKubeconfig(t)
	refused(t, stack(newRegistry(t, "http", loopback).address()), 1, append(clusterKeys, "is not usable")...)
}

// A missing credential plugin and an invalid address are each reported in one line with the solution.
func TestUnusableKubeconfig(t *testing.T) {
	cluster := serve(t, "https", loopback, http.NotFoundHandler())
	for name, c := range map[string]struct{ server, user, messages string }{
		"missing plugin":  {cluster.URL, `{"exec":{"apiVersion":"client.authentication.k8s.io/v1","command":"no-such-plugin","installHint":"install it so","interactiveMode":"Never"}}`, "install it so"},
		"failing plugin":  {cluster.URL, `{"exec":{"apiVersion":"client.authentication.k8s.io/v1","command":"false","interactiveMode":"Never"}}`, "executable false failed"},
		"invalid address": {"::", `{}`, "correct it"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "kubeconfig")
			text := fmt.Sprintf(`{"apiVersion": "v1", "kind": "Config", "current-context": "k", "clusters": [{"name": "k", "cluster": {"server": %q}}],
				"contexts": [{"name": "k", "context": {"cluster": "k", "user": "u"}}], "users": [{"name": "u", "user": %s}]}`, c.server, c.user)
			testfile.Write(t, file, text)
			t.Setenv("KUBECONFIG", file)
			refused(t, stack(newRegistry(t, "http", loopback).address()), 1, append(clusterKeys, c.messages)...)
		})
	}
}
