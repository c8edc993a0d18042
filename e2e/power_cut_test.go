package e2e

import (
	"strings"
	"testing"
	"time"
)

// Limits after a power cut. dueFirst: the other speaker detects the loss and answers ARP for the addresses; the site then responds,
// except for connections to pods of the dead node. dueAll: Kubernetes marks the node NotReady (50 s after its last heartbeat by
// default, 20 s on the lab, checked every 5 s), and kube-proxy removes its endpoints.
const (
	dueFirst = 20 * time.Second
	dueAll   = 30 * time.Second
)

// podsMoved is the time after which the dead node's pods run on the other node: 30 s of toleration after dueAll, and their start.
const podsMoved = 75 * time.Second

// checkPowerCut powers off a node under reads and logins. Whether or not Redis ran on it, sessions are valid again when the node
// is back.
func checkPowerCut(t *testing.T, l lab) {
	node := announcer(t, l, "backend")
	if node != "w1" && node != "w2" {
		t.Fatalf("the API's address is announced by %q", node)
	}
	remembered, visitor, during := signUp(t, l), signUp(t, l), "200"
	if podOf(t, l, "redis").Spec.NodeName == node { // Redis' volume is on that node's disk
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
	// From here on reads come from another host. Some hundred of the client's ports have tried the dead node, and for two minutes
	// (nf_conntrack_tcp_timeout_syn_sent) conntrack sends new connections from these ports there again.
	later := elsewhere.start(t, l)
	reads := r.end(t)
	time.Sleep(time.Until(cut.Add(podsMoved)))
	eventually(t, 15*time.Second, func() string { return unless(visitor.logIn(t), during) }) // from another port
	later.stop(t)
	l.lab(t, "start", node)
	for _, target := range []string{siteURL + "/", apiURL} {
		first, last := outage(reads, target, cut)
		t.Logf("%s, after the power cut of %s: first response after %.1f s, last failure after %.1f s", target, node, first.Seconds(), last.Seconds())
		if first == 0 || first > dueFirst {
			t.Errorf("%s responds after %v, want at most %v", target, first, dueFirst)
		}
	}
	l.kubectl(t, "wait", "node/"+node, "--for=condition=Ready", "--timeout=120s")
	l.rolledOut(t, "hankki")
	t.Logf("a login during the power cut returned %s", during)
	eventually(t, 30*time.Second, func() string { return unless(remembered.refresh(t), "200") })
}

// announcer returns the node that answers ARP for a Service's address.
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

// outage returns the times from the power cut to the target's first response and to its last failure.
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
