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

// stranger is a pod that is not ours, in a namespace of others; it has bash.
func stranger(t *testing.T, l lab, namespace string) {
	t.Helper()
	l.kubectl(t, "run", "stranger", "-n", namespace, "--image="+strangersImage, "--restart=Never", "--command", "--", "sleep", "600")
	t.Cleanup(func() { l.kubectl(t, "delete", "pod", "-n", namespace, "stranger", "--wait=false") })
	l.kubectl(t, "wait", "-n", namespace, "pod/stranger", "--for=condition=Ready", "--timeout=60s")
}

const strangersImage = "docker.io/library/redis:7.0-bookworm"

// releasePod has the labels of a release's pod, which ends too soon to be asked, and therefore its arrows.
const releasePod = `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "release", "namespace": "hankki", "labels":
  {"app.kubernetes.io/name": "backend-release", "app.kubernetes.io/part-of": "hankki"}}, "spec": {
  "restartPolicy": "Never", "automountServiceAccountToken": false,
  "securityContext": {"runAsNonRoot": true, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}},
  "containers": [{"name": "release", "image": "` + strangersImage + `", "command": ["sleep", "600"],
    "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}}`

// targets are what listens, by name. Every one does, so only a policy can be why it does not answer.
func targets(t *testing.T, l lab) map[string]string {
	t.Helper()
	redis, api, page := address(t, l, "redis"), address(t, l, "backend"), address(t, l, "frontend")
	return map[string]string{
		"Redis": redis + ":6379", "the API": api + ":5000", "the API's metrics": api + ":9464", "the page": page + ":8080",
		"PostgreSQL": "10.0.1.3:5432", "the registry": "10.0.1.2:5000", "Kubernetes": "10.0.1.11:6443", "a kubelet": "10.0.1.12:10250",
		"the name service": l.kubectl(t, "get", "service", "-n", "kube-system", "kube-dns", "-o", "jsonpath={.spec.clusterIP}") + ":53",
	}
}

// checkArrows tries the network from a pod of each tier, and from one that is not ours: what is drawn is open, and
// nothing else. What the front end reaches depends on who calls the API, the browser or Nginx.
func checkArrows(t *testing.T, l lab, frontend ...string) {
	stranger(t, l, "default")
	l.create(t, releasePod)
	t.Cleanup(func() { l.kubectl(t, "delete", "pod", "-n", "hankki", "release", "--wait=false") })
	l.kubectl(t, "wait", "-n", "hankki", "pod/release", "--for=condition=Ready", "--timeout=60s")
	all := targets(t, l)
	for _, from := range []struct {
		namespace, pod string
		own            []string // not asked: a pod reaches itself whatever the policies say
		open           []string
	}{
		{"hankki", "deploy/backend", []string{"the API", "the API's metrics"}, []string{"PostgreSQL", "Redis", "the name service"}},
		{"hankki", "pod/release", nil, []string{"PostgreSQL", "the name service"}},
		{"hankki", "deploy/frontend", []string{"the page"}, frontend},
		{"hankki", "deploy/redis", []string{"Redis"}, nil},
		// A Service on the LAN is open to everybody, whatever the cluster; the rest of the machines is not ours to close.
		{"default", "pod/stranger", nil, []string{"Kubernetes", "PostgreSQL", "a kubelet", "the API", "the name service", "the page", "the registry"}},
	} {
		expectReached(t, l, from.namespace, from.pod, all, from.own, from.open)
	}
}

// checkMetricsArrows tries the ports with metrics, which are there while somebody may read them: he, and nobody else.
func checkMetricsArrows(t *testing.T, l lab, scraper string) {
	redis, page := address(t, l, "redis"), address(t, l, "frontend")
	all := map[string]string{
		"the API's metrics": address(t, l, "backend") + ":9464", "Redis' metrics": redis + ":9121", "Nginx' metrics": page + ":9113", "Redis": redis + ":6379",
	}
	stranger(t, l, "default")
	stranger(t, l, scraper)
	expectReached(t, l, scraper, "pod/stranger", all, nil, []string{"Nginx' metrics", "Redis' metrics", "the API's metrics"})
	expectReached(t, l, "default", "pod/stranger", all, nil, nil)
	expectReached(t, l, "hankki", "deploy/backend", all, []string{"the API's metrics"}, []string{"Redis"})
	expectReached(t, l, "hankki", "deploy/frontend", all, []string{"Nginx' metrics"}, nil)
}

// expectReached has a pod connect to all targets, and fails the test unless it comes to exactly those that are open to it.
func expectReached(t *testing.T, l lab, namespace, pod string, all map[string]string, own, want []string) {
	t.Helper()
	names := slices.Sorted(maps.Keys(all))
	command := []string{"exec", "-n", namespace, pod, "--", "bash", "-c", connect, "connect"}
	for _, name := range names {
		command = append(command, all[name])
	}
	answered := strings.Fields(l.kubectl(t, command...))
	var open []string
	for _, name := range names {
		if slices.Contains(answered, all[name]) && !slices.Contains(own, name) {
			open = append(open, name)
		}
	}
	if !slices.Equal(open, want) {
		t.Errorf("%s in %s reaches %q, should reach %q", pod, namespace, open, want)
	}
}

// address is that of one of an app's pods.
func address(t *testing.T, l lab, app string) string {
	t.Helper()
	ip := l.kubectl(t, "get", "pods", "-n", "hankki", "-l", "app.kubernetes.io/name="+app, "--field-selector", "status.phase=Running",
		"-o", "jsonpath={.items[0].status.podIP}")
	if ip == "" {
		t.Fatalf("no pod of %s runs", app)
	}
	return ip
}
