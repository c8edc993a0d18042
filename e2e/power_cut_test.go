package e2e

import (
	"strings"
	"testing"
	"time"
)

// What is due after a power cut: the other speaker notices that one is gone, and answers ARP for its addresses; from then
// on the site answers, but for what is sent to pods of the dead node, until Kubernetes has given the node up (50 s since
// its last word by default, 20 s on the lab, looked at every 5 s).
const (
	dueFirst = 20 * time.Second
	dueAll   = 70 * time.Second
)

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
	// A connection for each read, as new visitors make them, and two seconds of patience.
	r := startReads(t, l, "-keepalive=false", "-timeout=2s")
	time.Sleep(2 * time.Second)
	cut := time.Now()
	l.lab(t, "stop", node)
	time.Sleep(dueAll + 5*time.Second)
	all := r.end(t, l)
	l.lab(t, "start", node)
	for _, target := range []string{siteURL + "/", apiURL} {
		var first, last time.Duration
		for _, one := range all {
			since := one.Timestamp.Add(one.Latency).Sub(cut)
			if !strings.HasPrefix(one.URL, target) || one.Timestamp.Before(cut.Add(time.Second)) {
				continue
			}
			if one.failed() {
				last = since
			} else if first == 0 {
				first = since
			}
		}
		t.Logf("%s, after the power cut of %s: the first answer after %.1f s, the last failure after %.1f s", target, node, first.Seconds(), last.Seconds())
		if first == 0 || first > dueFirst {
			t.Errorf("%s answers after %v, due are %v", target, first, dueFirst)
		}
		if last > dueAll {
			t.Errorf("%s fails until %v after the cut, due are %v", target, last, dueAll)
			for _, one := range all {
				if sent := one.Timestamp.Sub(cut); strings.HasPrefix(one.URL, target) && one.failed() && sent > dueAll-20*time.Second {
					t.Logf("sent after %.1f s, failed %.1f s later: %d %s %s", sent.Seconds(), one.Latency.Seconds(), one.Code, one.URL, one.Error)
				}
			}
		}
	}
	l.kubectl(t, "wait", "node/"+node, "--for=condition=Ready", "--timeout=120s")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/backend", "--timeout=120s")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/frontend", "--timeout=120s")
}
