package e2e

import (
	"bufio"
	"maps"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// connect prints those of its arguments HOST:PORT that accept a connection. It tries all at the same time. Bash's error
// messages are discarded: a target that is missing from the output accepts no connection.
const connect = `for target; do
  (timeout 3 bash -c "</dev/tcp/${target%:*}/${target##*:}" 2>/dev/null && echo "$target") &
done; wait`

// foreignPod creates the pod foreign, which does not belong to the stack, in a namespace. Its image has bash.
func foreignPod(t *testing.T, l lab, namespace string) {
	t.Helper()
	l.kubectl(t, "run", "foreign", "-n", namespace, "--image="+foreignImage, "--restart=Never", "--command", "--", "sleep", "600")
	t.Cleanup(func() { l.kubectl(t, "delete", "pod", "-n", namespace, "foreign", "--wait=false") })
	l.kubectl(t, "wait", "-n", namespace, "pod/foreign", "--for=condition=Ready", "--timeout=60s")
}

const foreignImage = "docker.io/library/redis:7.0-bookworm"

// migrationPod has the labels of the migration Job's pod, so the same network policies select it. The Job's own pod ends too soon
// for this test. The sleep ignores SIGTERM; the grace period of 1 s ends it, because a destroy keeps a namespace that still
// has a foreign pod.
const migrationPod = `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "migration", "namespace": "hankki", "labels":
  {"app.kubernetes.io/name": "backend-release", "app.kubernetes.io/part-of": "hankki"}}, "spec": {
  "restartPolicy": "Never", "terminationGracePeriodSeconds": 1, "automountServiceAccountToken": false,
  "securityContext": {"runAsNonRoot": true, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}},
  "containers": [{"name": "migration", "image": "` + foreignImage + `", "command": ["sleep", "600"],
    "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}}`

// proxiedAPI is the port on which the API trusts X-Forwarded-For. Only Nginx may connect to it, and only in proxy mode.
const proxiedAPI = "the API's port for Nginx"

// targets returns HOST:PORT of each listener, by name. All of them listen, so only a network policy can prevent a connection.
func targets(t *testing.T, l lab) map[string]string {
	t.Helper()
	redis, api, page := address(t, l, "redis"), address(t, l, "backend"), address(t, l, "frontend")
	return map[string]string{
		"Redis": redis + ":6379", "the API": api + ":5000", proxiedAPI: api + ":5001", "the API's metrics": api + ":9464", "the page": page + ":8080",
		"PostgreSQL": "10.0.1.3:5432", "the registry": "10.0.1.2:5000", "Kubernetes": "10.0.1.11:6443", "a kubelet": "10.0.1.12:10250",
		"cluster DNS": l.kubectl(t, "get", "service", "-n", "kube-system", "kube-dns", "-o", "jsonpath={.spec.clusterIP}") + ":53",
	}
}

// checkNetworkPolicies connects from a pod of each tier, from a foreign pod, and from a machine of the LAN that has a route to
// pods (the control plane). Exactly the documented connections are open. frontend lists the targets that the front end's pods
// reach: the proxied API if Nginx calls it, otherwise nothing.
func checkNetworkPolicies(t *testing.T, l lab, frontend ...string) {
	foreignPod(t, l, "default")
	l.create(t, migrationPod)
	t.Cleanup(func() { l.kubectl(t, "delete", "pod", "-n", "hankki", "migration", "--wait=false") })
	l.kubectl(t, "wait", "-n", "hankki", "pod/migration", "--for=condition=Ready", "--timeout=60s")
	all := targets(t, l)
	// The Services of type LoadBalancer are open to all clients. The stack does not restrict the ports of machines.
	others := []string{"Kubernetes", "PostgreSQL", "a kubelet", "cluster DNS", "the API", "the page", "the registry"}
	for _, from := range []struct {
		name       string
		execPrefix execPrefix
		own        []string // ignored: network policies do not apply to connections of a pod to itself
		open       []string
	}{
		{"the API", inTier(t, l, "backend"), []string{"the API", proxiedAPI, "the API's metrics"}, []string{"PostgreSQL", "Redis", "cluster DNS"}},
		{"the migration", inPod("hankki", "pod/migration"), nil, []string{"PostgreSQL", "cluster DNS"}},
		{"the front end", inTier(t, l, "frontend"), []string{"the page"}, frontend},
		{"Redis", inTier(t, l, "redis"), []string{"Redis"}, nil},
		{"a pod of another namespace", inPod("default", "pod/foreign"), nil, others},
		{"the control plane", execPrefix{"exec", "cp"}, nil, others},
	} {
		t.Run("from "+from.name, func(t *testing.T) {
			expectReached(t, l, from.execPrefix, all, from.own, from.open)
		})
	}
	// The API listens on this port in both modes, so a change of the mode does not replace its pods. In direct mode network
	// policies close the port.
	expectReached(t, l, inTier(t, l, "backend"), map[string]string{proxiedAPI: "127.0.0.1:5001"}, nil, []string{proxiedAPI})
	checkUDP(t, l)
}

// checkMetricsPolicies connects to the metrics ports, which listen while monitoring is enabled. Only pods in the namespace
// scraper reach them.
func checkMetricsPolicies(t *testing.T, l lab, scraper string) {
	redis, page := address(t, l, "redis"), address(t, l, "frontend")
	all := map[string]string{
		"the API's metrics": address(t, l, "backend") + ":9464", "Redis' metrics": redis + ":9121", "Nginx' metrics": page + ":9113", "Redis": redis + ":6379",
	}
	foreignPod(t, l, "default")
	foreignPod(t, l, scraper)
	expectReached(t, l, inPod(scraper, "pod/foreign"), all, nil, []string{"Nginx' metrics", "Redis' metrics", "the API's metrics"})
	expectReached(t, l, inPod("default", "pod/foreign"), all, nil, nil)
	expectReached(t, l, inTier(t, l, "backend"), all, []string{"the API's metrics"}, []string{"Redis"})
	expectReached(t, l, inTier(t, l, "frontend"), all, []string{"Nginx' metrics"}, nil)
}

// execPrefix is the arguments of lab/lab that run a command in a pod or on a machine.
type execPrefix []string

func inTier(t *testing.T, l lab, app string) execPrefix {
	t.Helper()
	return inPod("hankki", "pod/"+podOf(t, l, app).Metadata.Name)
}

func inPod(namespace, name string) execPrefix {
	return execPrefix{"kubectl", "exec", "-n", namespace, name, "--"}
}

func (p execPrefix) bash(t *testing.T, l lab, script string, args ...string) string {
	t.Helper()
	return l.run(t, "lab/lab", slices.Concat(p, []string{"bash", "-c", script, "bash"}, args)...)
}

// expectReached connects from one place to all targets, and fails the test unless exactly the targets in want, apart from its
// own, accept.
func expectReached(t *testing.T, l lab, from execPrefix, all map[string]string, own, want []string) {
	t.Helper()
	names := slices.Sorted(maps.Keys(all))
	var addresses []string
	for _, name := range names {
		addresses = append(addresses, all[name])
	}
	answered := strings.Fields(from.bash(t, l, connect, addresses...))
	var open []string
	for _, name := range names {
		if slices.Contains(answered, all[name]) && !slices.Contains(own, name) {
			open = append(open, name)
		}
	}
	if !slices.Equal(open, want) {
		t.Errorf("%v reaches %q, want %q", from, open, want)
	}
}

// checkUDP sends a datagram from a pod of each tier to UDP port 53 of a machine on the LAN. Network policies block it, even
// for pods that may use cluster DNS. The foreign pod sends last: when its datagram has arrived, earlier ones would have too.
func checkUDP(t *testing.T, l lab) {
	t.Helper()
	listener := l.command(time.Minute, "lab/lab", "exec", "client", "timeout", "--foreground", "30", "socat", "-u", "UDP-RECV:53", "STDOUT")
	listener.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that the signal reaches socat below the shell
	printed, err := listener.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second) // socat does not report that it listens
	const send = `echo "$1" >/dev/udp/10.0.1.100/53`
	for _, tier := range []string{"backend", "frontend", "redis"} {
		inTier(t, l, tier).bash(t, l, send, tier)
	}
	inPod("default", "pod/foreign").bash(t, l, send, "foreign")
	lines := bufio.NewScanner(printed)
	var received []string
	for !slices.Contains(received, "foreign") && lines.Scan() {
		received = append(received, lines.Text())
	}
	if !slices.Equal(received, []string{"foreign"}) {
		t.Errorf("a machine of the LAN received datagrams from %q, want only from the foreign pod", received)
	}
	_ = syscall.Kill(-listener.Process.Pid, syscall.SIGTERM) // fails if socat has ended already
	_ = listener.Wait()                                      // the exit status is that of the signal
}

func address(t *testing.T, l lab, app string) string {
	t.Helper()
	return podOf(t, l, app).Status.PodIP
}
