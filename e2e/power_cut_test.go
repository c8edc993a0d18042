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

func checkPowerCut(t *testing.T, l lab) {
	var status struct {
		Items []struct {
			Status struct{ Node, ServiceName string }
		}
	}
	l.get(t, &status, "servicel2statuses.metallb.io", "-n", "metallb-system")
	node := ""
	for _, item := range status.Items {
		if item.Status.ServiceName == "backend" {
			node = item.Status.Node
		}
	}
	if node != "w1" && node != "w2" {
		t.Fatalf("the API's address is announced by %q", node)
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
	reads := r.end(t, l)
	time.Sleep(time.Until(cut.Add(podsMoved)))
	later.stop(t, l)
	l.lab(t, "start", node)
	for _, target := range []string{siteURL + "/", apiURL} {
		first, last := outage(reads, target, cut)
		t.Logf("%s, after the power cut of %s: the first answer after %.1f s, the last failure after %.1f s", target, node, first.Seconds(), last.Seconds())
		if first == 0 || first > dueFirst {
			t.Errorf("%s answers after %v, due are %v", target, first, dueFirst)
		}
	}
	l.kubectl(t, "wait", "node/"+node, "--for=condition=Ready", "--timeout=120s")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/backend", "--timeout=120s")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/frontend", "--timeout=120s")
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
