package e2e

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// connect prints which of its arguments HOST:PORT accept a connection; all are tried at the same time. What bash says of
// one that does not is left out: that it is missing from the output is the answer.
const connect = `for target; do
  (timeout 3 bash -c "</dev/tcp/${target%:*}/${target##*:}" 2>/dev/null && echo "$target") &
done; wait`

// checkArrows tries the network from a pod of each tier, and from one that is not ours: what is drawn is open, and
// nothing else. Every target listens, so only a policy can be why it does not answer.
func checkArrows(t *testing.T, l lab) {
	l.kubectl(t, "run", "stranger", "-n", "default", "--image=docker.io/library/redis:7.0-bookworm", "--restart=Never", "--command", "--", "sleep", "600")
	t.Cleanup(func() { l.kubectl(t, "delete", "pod", "-n", "default", "stranger", "--wait=false") })
	l.kubectl(t, "wait", "-n", "default", "pod/stranger", "--for=condition=Ready", "--timeout=60s")

	redis, api, page := address(t, l, "hankki", "redis"), address(t, l, "hankki", "backend"), address(t, l, "hankki", "frontend")
	targets := map[string]string{
		"Redis": redis + ":6379", "the API": api + ":5000", "the API's metrics": api + ":9464", "the page": page + ":8080",
		"PostgreSQL": "10.0.1.3:5432", "the registry": "10.0.1.2:5000", "Kubernetes": "10.0.1.11:6443", "a kubelet": "10.0.1.12:10250",
		"the name service": l.kubectl(t, "get", "service", "-n", "kube-system", "kube-dns", "-o", "jsonpath={.spec.clusterIP}") + ":53",
	}
	names := slices.Sorted(maps.Keys(targets))
	for _, from := range []struct {
		namespace, pod string
		own            []string // not asked: a pod reaches itself whatever the policies say
		open           []string
	}{
		{"hankki", "deploy/backend", []string{"the API", "the API's metrics"}, []string{"PostgreSQL", "Redis", "the name service"}},
		{"hankki", "deploy/frontend", []string{"the page"}, nil},
		{"hankki", "deploy/redis", []string{"Redis"}, nil},
		// A Service on the LAN is open to everybody, whatever the cluster; the rest of the machines is not ours to close.
		{"default", "pod/stranger", nil, []string{"Kubernetes", "PostgreSQL", "a kubelet", "the API", "the name service", "the page", "the registry"}},
	} {
		command := []string{"exec", "-n", from.namespace, from.pod, "--", "bash", "-c", connect, "connect"}
		for _, name := range names {
			command = append(command, targets[name])
		}
		answered := strings.Fields(l.kubectl(t, command...))
		var open []string
		for _, name := range names {
			if slices.Contains(answered, targets[name]) && !slices.Contains(from.own, name) {
				open = append(open, name)
			}
		}
		if !slices.Equal(open, from.open) {
			t.Errorf("%s reaches %q, should reach %q", from.pod, open, from.open)
		}
	}
}

// address is that of one of an app's pods.
func address(t *testing.T, l lab, namespace, app string) string {
	t.Helper()
	ip := l.kubectl(t, "get", "pods", "-n", namespace, "-l", "app.kubernetes.io/name="+app, "--field-selector", "status.phase=Running",
		"-o", "jsonpath={.items[0].status.podIP}")
	if ip == "" {
		t.Fatalf("no pod of %s runs", app)
	}
	return ip
}
