package e2e

import (
	"io"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// newAPI is what changes with a source file of the API.
var newAPI = []string{
	"docker-build:index:Image backend",
	"kubernetes:apps/v1:Deployment backend",
	"kubernetes:batch/v1:Job backend-release",
}

// checkDisruptions does, one after the other, what happens to a site in its life, while people read and new ones come: a new
// version of the API, one of the front end, Redis' restart, workers that are emptied and come back as for an upgrade of
// the machines, one of which announces the addresses.
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
	// A single replica has to go before the next is there, when its node is drained.
	s.set(t, "frontend.replicas", "2")
	s.up(t, output)
	l.kubectl(t, "delete", "pod", "-n", "hankki", "-l", "app.kubernetes.io/name=redis", "--wait=true")
	l.rolledOut(t, "hankki")
	for _, worker := range []string{"w1", "w2"} {
		l.emptyAndBack(t, worker)
	}
	// Pods do not come back to a worker by themselves: all are on the one that was emptied first.
	l.kubectl(t, "rollout", "restart", "-n", "hankki", "deployment/backend", "deployment/frontend")
	l.rolledOut(t, "hankki")
	checkPods(t, l, 2)
	s.copyImages(t, l, "frontend") // whose pages the next steps know
	s.up(t, output)
	stay.stop(t)
	come.stop(t)
}

// checkUpdateBehindNginx has Nginx pass reads on while the API's pods are replaced.
func checkUpdateBehindNginx(t *testing.T, l lab, s stack, output io.Writer) {
	stay, come := load{pages: behindNginx, rate: 15}.start(t, l), load{pages: behindNginx, rate: 10, newVisitors: true}.start(t, l)
	s.change(t, "behind Nginx")
	s.upChanges(t, output, newAPI...)
	stay.stop(t)
	come.stop(t)
}

// emptyAndBack drains a worker and takes it back, and waits for what had to move. It is emptied of the pods of others too,
// MetalLB's and the name service's; each of ours waits until the one before it runs elsewhere.
func (l lab) emptyAndBack(t *testing.T, worker string) {
	t.Helper()
	drain := l.command(5*time.Minute, "lab/lab", "kubectl", "drain", worker, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=4m")
	if said, err := drain.CombinedOutput(); err != nil {
		t.Fatalf("kubectl drain %s: %v\n%s", worker, err, said)
	}
	l.kubectl(t, "uncordon", worker)
	for _, namespace := range []string{"hankki", "metallb-system", "kube-system"} {
		l.rolledOut(t, namespace)
	}
}

// rolledOut waits for all Deployments of a namespace.
func (l lab) rolledOut(t *testing.T, namespace string) {
	t.Helper()
	l.kubectl(t, "rollout", "status", "-n", namespace, "deployment", "--timeout=110s")
}

// upChanges deploys, and fails the test unless exactly these resources change, in alphabetical order.
func (s stack) upChanges(t *testing.T, output io.Writer, want ...string) {
	t.Helper()
	if got := slices.Sorted(maps.Keys(s.up(t, output))); !slices.Equal(got, want) {
		t.Errorf("changed %q, want %q", got, want)
	}
}
