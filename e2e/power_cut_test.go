package e2e

import (
	"strings"
	"testing"
	"time"
)

// What is due after a power cut: the other speaker notices that one is gone, and answers ARP for its addresses; from then
// on the site answers, but for what is sent to pods of the dead node, until Kubernetes has given the node up (50 s since
// its last word by default, 20 s on the lab, looked at every 5 s) and kube-proxy has heard of it.
const (
	dueFirst = 20 * time.Second
	dueAll   = 30 * time.Second
)

// podsMoved is when the dead node's pods have been made anew on the other: 30 s after it was given up, and some to start.
const podsMoved = 75 * time.Second

// checkPowerCut takes a node's power while people read, and some log in. Redis may have been on it, or not; what it knew it
// knows when the node is back.
func checkPowerCut(t *testing.T, l lab) {
	node := announcer(t, l, "backend")
	if node != "w1" && node != "w2" {
		t.Fatalf("the API's address is announced by %q", node)
	}
	remembered, visitor, during := signUp(t, l), signUp(t, l), "200"
	if podOf(t, l, "redis").Spec.NodeName == node { // its sessions are on that node's disk
		during = "503"
	}
	visitors := load{newVisitors: true, patience: 2 * time.Second}
	elsewhere := visitors
	elsewhere.from = "registry"
	r := visitors.start(t, l)
	time.Sleep(2 * time.Second)
	cut := time.Now()
	l.lab(t, "stop", node)
	time.Sleep(time.Until(cut.Add(dueAll)))
	// From then on another host's reads count: of the client's ports, some hundred have tried the dead node in vain, and
	// for two minutes conntrack sends there again who comes from one of them (nf_conntrack_tcp_timeout_syn_sent).
	later := elsewhere.start(t, l)
	reads := r.end(t)
	time.Sleep(time.Until(cut.Add(podsMoved)))
	eventually(t, 15*time.Second, func() string { return unless(visitor.logIn(t), during) }) // by a port that is not among those
	later.stop(t)
	l.lab(t, "start", node)
	for _, target := range []string{siteURL + "/", apiURL} {
		first, last := outage(reads, target, cut)
		t.Logf("%s, after the power cut of %s: the first answer after %.1f s, the last failure after %.1f s", target, node, first.Seconds(), last.Seconds())
		if first == 0 || first > dueFirst {
			t.Errorf("%s answers after %v, due are %v", target, first, dueFirst)
		}
	}
	l.kubectl(t, "wait", "node/"+node, "--for=condition=Ready", "--timeout=120s")
	l.rolledOut(t, "hankki")
	t.Logf("a login during the cut was answered with %s", during)
	eventually(t, 30*time.Second, func() string { return unless(remembered.refresh(t), "200") })
}

// announcer is the node that answers for a Service's address.
func announcer(t *testing.T, l lab, service string) string {
	t.Helper()
	var status struct {
		Items []struct {
			Status struct{ Node, ServiceName string }
		}
	}
	l.get(t, &status, "servicel2statuses.metallb.io", "-n", "metallb-system")
	for _, item := range status.Items {
		if item.Status.ServiceName == service {
			return item.Status.Node
		}
	}
	return ""
}

// outage tells how long after the cut the target gave its first answer, and its last failure.
func outage(reads []read, target string, cut time.Time) (first, last time.Duration) {
	for _, one := range reads {
		since := one.Timestamp.Add(one.Latency).Sub(cut)
		switch {
		case !strings.HasPrefix(one.URL, target) || one.Timestamp.Before(cut.Add(time.Second)):
		case one.failed():
			last = since
		case first == 0:
			first = since
		}
	}
	return first, last
}
