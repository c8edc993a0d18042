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

// releasePod has the labels of a release's pod, which ends too soon to be asked, and therefore its arrows. Its sleep ignores a
// SIGTERM; it ends after 1 s all the same, for a destroy keeps a namespace with a pod of others in it.
const releasePod = `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "release", "namespace": "hankki", "labels":
  {"app.kubernetes.io/name": "backend-release", "app.kubernetes.io/part-of": "hankki"}}, "spec": {
  "restartPolicy": "Never", "terminationGracePeriodSeconds": 1, "automountServiceAccountToken": false,
  "securityContext": {"runAsNonRoot": true, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}},
  "containers": [{"name": "release", "image": "` + strangersImage + `", "command": ["sleep", "600"],
    "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}}`

// forNginx is the port where the API trusts X-Forwarded-For. It is open to Nginx, and in proxy mode only.
const forNginx = "the API for Nginx"

// targets are what listens, by name. Every one does, so only a policy can be why it does not answer.
func targets(t *testing.T, l lab) map[string]string {
	t.Helper()
	redis, api, page := address(t, l, "redis"), address(t, l, "backend"), address(t, l, "frontend")
	return map[string]string{
		"Redis": redis + ":6379", "the API": api + ":5000", forNginx: api + ":5001", "the API's metrics": api + ":9464", "the page": page + ":8080",
		"PostgreSQL": "10.0.1.3:5432", "the registry": "10.0.1.2:5000", "Kubernetes": "10.0.1.11:6443", "a kubelet": "10.0.1.12:10250",
		"the name service": l.kubectl(t, "get", "service", "-n", "kube-system", "kube-dns", "-o", "jsonpath={.spec.clusterIP}") + ":53",
	}
}

// checkArrows tries the network from a pod of each tier, from one that is not ours, and from a machine of the LAN that knows the
// way to pods, as the control plane's does: what is drawn is open, and nothing else. What the front end reaches depends on
// who calls the API, the browser or Nginx.
func checkArrows(t *testing.T, l lab, frontend ...string) {
	stranger(t, l, "default")
	l.create(t, releasePod)
	t.Cleanup(func() { l.kubectl(t, "delete", "pod", "-n", "hankki", "release", "--wait=false") })
	l.kubectl(t, "wait", "-n", "hankki", "pod/release", "--for=condition=Ready", "--timeout=60s")
	all := targets(t, l)
	// A Service on the LAN is open to everybody, whatever the cluster; the rest of the machines is not ours to close.
	others := []string{"Kubernetes", "PostgreSQL", "a kubelet", "the API", "the name service", "the page", "the registry"}
	for _, from := range []struct {
		place place
		own   []string // not asked: a pod reaches itself whatever the policies say
		open  []string
	}{
		{inTier(t, l, "backend"), []string{"the API", forNginx, "the API's metrics"}, []string{"PostgreSQL", "Redis", "the name service"}},
		{inPod("hankki", "pod/release"), nil, []string{"PostgreSQL", "the name service"}},
		{inTier(t, l, "frontend"), []string{"the page"}, frontend},
		{inTier(t, l, "redis"), []string{"Redis"}, nil},
		{inPod("default", "pod/stranger"), nil, others},
		{place{"exec", "cp"}, nil, others},
	} {
		expectReached(t, l, from.place, all, from.own, from.open)
	}
	// The API listens in both modes, so that its pods are not replaced for a change of the mode: the policies close the port.
	expectReached(t, l, inTier(t, l, "backend"), map[string]string{forNginx: "127.0.0.1:5001"}, nil, []string{forNginx})
	checkDatagrams(t, l)
}

// checkMetricsArrows tries the ports with metrics, which are there while somebody may read them: he, and nobody else.
func checkMetricsArrows(t *testing.T, l lab, scraper string) {
	redis, page := address(t, l, "redis"), address(t, l, "frontend")
	all := map[string]string{
		"the API's metrics": address(t, l, "backend") + ":9464", "Redis' metrics": redis + ":9121", "Nginx' metrics": page + ":9113", "Redis": redis + ":6379",
	}
	stranger(t, l, "default")
	stranger(t, l, scraper)
	expectReached(t, l, inPod(scraper, "pod/stranger"), all, nil, []string{"Nginx' metrics", "Redis' metrics", "the API's metrics"})
	expectReached(t, l, inPod("default", "pod/stranger"), all, nil, nil)
	expectReached(t, l, inTier(t, l, "backend"), all, []string{"the API's metrics"}, []string{"Redis"})
	expectReached(t, l, inTier(t, l, "frontend"), all, []string{"Nginx' metrics"}, nil)
}

// place is where a command runs: what lab/lab is given before it.
type place []string

func inTier(t *testing.T, l lab, app string) place {
	t.Helper()
	return inPod("hankki", "pod/"+podOf(t, l, app).Metadata.Name)
}

func inPod(namespace, name string) place {
	return place{"kubectl", "exec", "-n", namespace, name, "--"}
}

func (p place) bash(t *testing.T, l lab, script string, args ...string) string {
	t.Helper()
	return l.run(t, "lab/lab", slices.Concat(p, []string{"bash", "-c", script, "bash"}, args)...)
}

// expectReached has a place connect to all targets, and fails the test unless it comes to exactly those that are open to it.
func expectReached(t *testing.T, l lab, from place, all map[string]string, own, want []string) {
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
		t.Errorf("%v reaches %q, should reach %q", from, open, want)
	}
}

// checkDatagrams has pods send one to a machine of the LAN, as to a name service of somebody's: no pod of ours may, not even
// one that asks the cluster's. The stranger's, which is sent last, tells that those of before would have come.
func checkDatagrams(t *testing.T, l lab) {
	t.Helper()
	heard := l.command(time.Minute, "lab/lab", "exec", "client", "timeout", "--foreground", "30", "socat", "-u", "UDP-RECV:53", "STDOUT")
	heard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that the signal reaches socat below the shell
	printed, err := heard.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := heard.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second) // to begin to listen, which it does not tell
	const send = `echo "$1" >/dev/udp/10.0.1.100/53`
	for _, tier := range []string{"backend", "frontend", "redis"} {
		inTier(t, l, tier).bash(t, l, send, tier)
	}
	inPod("default", "pod/stranger").bash(t, l, send, "stranger")
	lines := bufio.NewScanner(printed)
	var came []string
	for !slices.Contains(came, "stranger") && lines.Scan() {
		came = append(came, lines.Text())
	}
	if !slices.Equal(came, []string{"stranger"}) {
		t.Errorf("datagrams came to a machine of the LAN from %q, should from the stranger", came)
	}
	_ = syscall.Kill(-heard.Process.Pid, syscall.SIGTERM) // nobody is there if it gave up
	_ = heard.Wait()                                      // which a signal ended
}

func address(t *testing.T, l lab, app string) string {
	t.Helper()
	return podOf(t, l, app).Status.PodIP
}
