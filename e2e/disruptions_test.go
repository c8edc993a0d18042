package e2e

import (
	"io"
	"maps"
	"path/filepath"
	"slices"
	"testing"
)

// checkDisruptions does, one after the other, what happens to a site in its life, while people read: a new version of the
// API, one of the front end, Redis' restart, a worker that is emptied and comes back as for an upgrade of the machine.
func checkDisruptions(t *testing.T, l lab, s stack, output io.Writer) {
	r := startReads(t, l)
	s.change(t, "by a test")
	s.upChanges(t, output,
		"docker-build:index:Image backend",
		"kubernetes:apps/v1:Deployment backend",
		"kubernetes:batch/v1:Job backend-release",
	)
	checkPods(t, l)
	replaceIn(t, filepath.Join(s.folder, "images/frontend/index.html"), "<title>", "<title>새로운 ")
	s.upChanges(t, output,
		"docker-build:index:Image frontend",
		"kubernetes:apps/v1:Deployment frontend",
	)
	// A single replica has to go before the next is there, when its node is drained.
	s.set(t, "frontend.replicas", "2")
	s.up(t, output)
	l.kubectl(t, "delete", "pod", "-n", "hankki", "-l", "app.kubernetes.io/name=redis", "--wait=true")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/redis", "--timeout=90s")
	l.kubectl(t, "drain", "w1", "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=110s")
	l.kubectl(t, "uncordon", "w1")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/backend", "--timeout=90s")
	r.stop(t, l)
	s.copyImages(t, l, "frontend") // whose pages the next steps know
	s.up(t, output)
}

// upChanges deploys, and fails the test unless exactly these resources change, in alphabetical order.
func (s stack) upChanges(t *testing.T, output io.Writer, want ...string) {
	t.Helper()
	if got := slices.Sorted(maps.Keys(s.up(t, output))); !slices.Equal(got, want) {
		t.Errorf("changed %q, want %q", got, want)
	}
}
