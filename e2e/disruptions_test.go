package e2e

import (
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hankki/internal/testfile"
)

// newAPI lists the resources that change with a source file of the API.
var newAPI = []string{
	"docker-build:index:Image backend",
	"kubernetes:apps/v1:Deployment backend",
	"kubernetes:batch/v1:Job backend-release",
}

// checkDisruptions makes planned changes one after the other, under reads of returning and new visitors: a new version of the
// API, one of the front end, a restart of Redis, and a drain of each worker, one of which announces the addresses.
func checkDisruptions(t *testing.T, l lab, s stack, output io.Writer) {
	stay, come := load{rate: 15}.start(t, l), load{rate: 10, newVisitors: true}.start(t, l)
	s.change(t, "by a test")
	s.upChanges(t, output, newAPI...)
	checkPods(t, l, 1)
	replaceIn(t, filepath.Join(s.folder, "images/frontend/index.html"), "<title>", "<title>새로운 ")
	s.upChanges(t, output,
		"docker-build:index:Image frontend",
		"kubernetes:apps/v1:Deployment frontend",
	)
	// A drain evicts a single replica before its replacement is ready.
	s.set(t, "frontend.replicas", "2")
	s.up(t, output)
	l.kubectl(t, "delete", "pod", "-n", "hankki", "-l", "app.kubernetes.io/name=redis", "--wait=true")
	l.rolledOut(t, "hankki")
	for _, worker := range []string{"w1", "w2"} {
		l.drainAndUncordon(t, worker)
	}
	// Pods do not return to an uncordoned worker by themselves: all are on the worker that was drained first.
	l.kubectl(t, "rollout", "restart", "-n", "hankki", "deployment/backend", "deployment/frontend")
	l.rolledOut(t, "hankki")
	checkPods(t, l, 2)
	l.terminated(t, "hankki")
	testfile.CopyCheckout(t, l.root, s.folder, "images/frontend") // the next steps expect the original page
	s.up(t, output)
	stay.stop(t)
	come.stop(t)
	t.Logf("the EndpointSlice controller repeated an update of the site's Services %d times", l.endpointRetries(t))
}

// endpointRetries returns how often the EndpointSlice controller could not update a Service of the site, because its cache was old. It
// repeats the update after 1 s, then 2, 4, 8 s. Until then nodes send requests to terminating pods.
func (l lab) endpointRetries(t *testing.T) (retries int) {
	t.Helper()
	for line := range strings.Lines(l.kubectl(t, "logs", "-n", "kube-system", "-l", "component=kube-controller-manager", "--tail=-1")) {
		if strings.Contains(line, "Error syncing endpoint slices") && strings.Contains(line, `key="hankki/`) {
			retries++
		}
	}
	return retries
}

// checkUpdateBehindNginx replaces the API's pods under reads that Nginx forwards.
func checkUpdateBehindNginx(t *testing.T, l lab, s stack, output io.Writer) {
	stay, come := load{pages: behindNginx, rate: 15}.start(t, l), load{pages: behindNginx, rate: 10, newVisitors: true}.start(t, l)
	s.change(t, "behind Nginx")
	s.upChanges(t, output, newAPI...)
	stay.stop(t)
	come.stop(t)
}

// drainAndUncordon drains a worker, uncordons it, and waits for the Deployments of all evicted pods, those of MetalLB and
// cluster DNS included. PodDisruptionBudgets evict the site's pods one at a time.
func (l lab) drainAndUncordon(t *testing.T, worker string) {
	t.Helper()
	l.drain(t, worker)
	l.uncordon(t, worker)
}

func (l lab) drain(t *testing.T, node string) {
	t.Helper()
	drain := l.command(5*time.Minute, "lab/lab", "kubectl", "drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=4m")
	if printed, err := drain.CombinedOutput(); err != nil {
		t.Fatalf("kubectl drain %s: %v\n%s", node, err, printed)
	}
}

// uncordon also waits for the Deployments of the evicted pods.
func (l lab) uncordon(t *testing.T, node string) {
	t.Helper()
	l.kubectl(t, "uncordon", node)
	for _, namespace := range []string{"hankki", "metallb-system", "kube-system"} {
		l.rolledOut(t, namespace)
	}
}

// rolledOut waits until all Deployments of a namespace are rolled out.
func (l lab) rolledOut(t *testing.T, namespace string) {
	t.Helper()
	l.kubectl(t, "rollout", "status", "-n", namespace, "deployment", "--timeout=110s")
}

// terminated waits until the replaced pods of a namespace have ended. A rollout does not wait for them.
func (l lab) terminated(t *testing.T, namespace string) {
	t.Helper()
	eventually(t, time.Minute, func() string {
		return unless(l.kubectl(t, "get", "pods", "-n", namespace, "-o", "jsonpath={.items[?(@.metadata.deletionTimestamp)].metadata.name}"), "")
	})
}

// upChanges runs up, and fails the test unless exactly these resources change. want is in alphabetical order.
func (s stack) upChanges(t *testing.T, output io.Writer, want ...string) {
	t.Helper()
	if got := slices.Sorted(maps.Keys(s.up(t, output))); !slices.Equal(got, want) {
		t.Errorf("changed %q, want %q", got, want)
	}
}
