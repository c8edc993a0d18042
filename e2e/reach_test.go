package e2e

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// longestGap is the longest time for which an address may not respond when it moves to another Service.
const longestGap = 2 * time.Second

// checkSwappedAddresses swaps the addresses of both Services in one update, and swaps them back. MetalLB loses one of the two
// Services (findings/metallb-move-forgets-waiting.sh).
func checkSwappedAddresses(t *testing.T, l lab, s stack, output io.Writer) {
	const siteAt3, apiAt4 = "http://10.0.0.3/", "http://10.0.0.4:5000/api/v1/recipes"
	swap := func(backend, frontend string) []read {
		s.set(t, "backend.loadBalancerIP", backend)
		s.set(t, "frontend.loadBalancerIP", frontend)
		all := []string{siteURL + "/", apiURL + "/api/v1/recipes", siteAt3, apiAt4}
		r := load{pages: all, rate: 80, patience: time.Second, newVisitors: true}.start(t, l)
		time.Sleep(2 * time.Second)
		s.up(t, output)
		return r.end(t)
	}
	reads := swap("10.0.0.4", "10.0.0.3")
	checkMoved(t, reads, siteURL+"/", siteAt3)
	checkMoved(t, reads, apiURL+"/api/v1/recipes", apiAt4)
	if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
		t.Errorf("after the swap: %v", got)
	}
	reads = swap("10.0.0.3", "10.0.0.4")
	checkMoved(t, reads, siteAt3, siteURL+"/")
	checkMoved(t, reads, apiAt4, apiURL+"/api/v1/recipes")
	// The nudge of MetalLB leaves no field behind.
	if nudged := l.kubectl(t, "get", "services", "-n", "hankki", "-o", "json", "--show-managed-fields"); strings.Contains(nudged, "nudge") {
		t.Errorf("a nudge is left in the Services:\n%s", nudged)
	}
}

// checkMoved fails the test if a read of a page failed before its last response at the old address or after its first one at the
// new address, or if the gap between the two is longer than longestGap.
func checkMoved(t *testing.T, all []read, from, to string) {
	t.Helper()
	var left, arrived time.Time // the last response at the old address, the first at the new one
	var lastSent time.Time      // when the read that left answers was sent
	for _, one := range all {
		switch at := one.Timestamp.Add(one.Latency); {
		case one.failed():
		case one.URL == from:
			left, lastSent = at, one.Timestamp
		case one.URL == to && arrived.IsZero():
			arrived = at
		}
	}
	gap := arrived.Sub(left)
	var lost []string
	for _, one := range all {
		if one.failed() && (one.URL == from && one.Timestamp.Before(lastSent) || one.URL == to && one.Timestamp.After(arrived)) {
			lost = append(lost, fmt.Sprintf("%s %s: %d %s", one.Timestamp.Format("15:04:05.000"), one.URL, one.Code, one.Error))
		}
	}
	t.Logf("%s moved to %s with a gap of %.2f s; %d other reads failed", from, to, gap.Seconds(), len(lost))
	if left.IsZero() || arrived.IsZero() || gap > longestGap || len(lost) > 0 {
		t.Errorf("%s: last response at %s; %s: first response at %s; other failed reads:\n%s",
			from, left.Format("15:04:05.000"), to, arrived.Format("15:04:05.000"), strings.Join(lost, "\n"))
	}
}

// checkUnreachableSites makes the addresses unreachable on the LAN without changing an object of the namespace. Each update fails
// and prints the cause. After the cause is removed, the next update succeeds.
func checkUnreachableSites(t *testing.T, l lab, s stack, output io.Writer) {
	const metallb = "metallb-system"
	pool := func(name, addresses string) {
		l.create(t, fmt.Sprintf(`{"apiVersion":"metallb.io/v1beta1","kind":"IPAddressPool","metadata":{"name":%q,"namespace":%q},"spec":{"addresses":[%q]}}`, name, metallb, addresses))
		t.Cleanup(func() { l.kubectl(t, "delete", "ipaddresspool", "-n", metallb, name, "--ignore-not-found") })
	}
	fails := func(cause string, options []optup.Option, words ...string) {
		t.Helper()
		begun := time.Now()
		expectOutput(t, s.upError(t, output, options...), words...)
		t.Logf("%s: the update failed after %.0f s", cause, time.Since(begun).Seconds())
		if took := time.Since(begun); took > time.Minute {
			t.Errorf("%s: the update failed after %v, not within a minute", cause, took)
		}
	}
	healed := func(options ...optup.Option) {
		t.Helper()
		s.up(t, output, options...)
		eventually(t, 5*time.Second, func() string { return apiAnswers(t, l) })
	}
	refresh := []optup.Option{optup.Refresh()}

	pool("others", "10.0.0.100-10.0.0.120")
	expectOutput(t, s.previewError(t), "metallb.addresses 10.0.0.3-10.0.0.254 overlaps with IPAddressPool metallb-system/others 10.0.0.100-10.0.0.120")
	l.kubectl(t, "delete", "ipaddresspool", "-n", metallb, "others")
	healed()

	pool("one", "10.0.9.1-10.0.9.9") // overlaps with the next pool; the speakers notice it when they restart
	pool("other", "10.0.9.9-10.0.9.20")
	l.kubectl(t, "rollout", "restart", "-n", metallb, "daemonset/metallb-speaker")
	l.kubectl(t, "rollout", "status", "-n", metallb, "daemonset/metallb-speaker", "--timeout=90s")
	for _, options := range [][]optup.Option{nil, refresh} {
		fails("pools that overlap", options, "the LAN does not reach Service ", "Service backend in namespace hankki: MetalLB rejects its configuration", "Service frontend in namespace hankki: MetalLB rejects its configuration",
			"IPAddressPool metallb-system/one 10.0.9.1-10.0.9.9 overlaps with IPAddressPool metallb-system/other 10.0.9.9-10.0.9.20")
	}
	l.kubectl(t, "delete", "ipaddresspool", "-n", metallb, "one", "other")
	healed()

	exclude := "node.kubernetes.io/exclude-from-external-load-balancers"
	unlabel := func() { l.kubectl(t, "label", "node", "w1", "w2", exclude+"-") }
	t.Cleanup(unlabel) // also after a failure
	l.kubectl(t, "label", "node", "w1", "w2", exclude+"=true")
	for _, options := range [][]optup.Option{nil, refresh} {
		fails("nodes excluded from announcing", options, "no node can announce 10.0.0.3", "has the label "+exclude, "kubectl label node")
	}
	unlabel()
	healed()

	l.kubectl(t, "patch", "ipaddresspool", "-n", metallb, "address-pool", "--type=merge", "-p", `{"spec":{"addresses":["10.0.0.4-10.0.0.9"]}}`)
	fails("a reduced pool", nil, "IPAddressPool metallb-system/address-pool has the addresses 10.0.0.4-10.0.0.9, but the stack configures 10.0.0.3-10.0.0.254", "pulumi up --refresh")
	healed(refresh...)
	l.kubectl(t, "delete", "ipaddresspool", "-n", metallb, "address-pool")
	fails("a deleted pool", nil, "IPAddressPool metallb-system/address-pool is missing", "pulumi up --refresh")
	healed(refresh...)
	l.kubectl(t, "delete", "l2advertisement", "-n", metallb, "recipe-lb")
	fails("a deleted advertisement", nil, "L2Advertisement metallb-system/recipe-lb is missing", "pulumi up --refresh")
	healed(refresh...)
}

// checkContestedAddress creates foreign Services that have, or wait for, an address that the stack requests. A Service that
// requests no address gets none of the stack's pool.
func checkContestedAddress(t *testing.T, l lab, s stack) {
	other := func(name, annotation, address string) {
		l.create(t, fmt.Sprintf(`{"apiVersion":"v1","kind":"Service","metadata":{"name":%q,"namespace":"default","annotations":{%q:%q}},"spec":{"type":"LoadBalancer","ports":[{"port":80}]}}`, name, annotation, address))
		t.Cleanup(func() { l.kubectl(t, "delete", "service", "-n", "default", name, "--ignore-not-found") })
	}
	address := func(name string) string {
		return l.kubectl(t, "get", "service", "-n", "default", name, "-o", "jsonpath={.status.loadBalancer.ingress[*].ip}")
	}
	other("plain", "example.com/asks-for", "nothing")
	other("holder", "metallb.io/loadBalancerIPs", "10.0.0.50")
	other("waiter", "metallb.universe.tf/loadBalancerIPs", "10.0.0.4") // the front end has it
	eventually(t, 10*time.Second, func() string { return unless(address("holder"), "10.0.0.50") })
	if got := address("plain"); got != "" {
		t.Errorf("a Service that requests no address has %s", got)
	}
	s.set(t, "backend.loadBalancerIP", "10.0.0.50")
	expectOutput(t, s.previewError(t), "backend.loadBalancerIP 10.0.0.50: Service default/holder has this address",
		"frontend.loadBalancerIP 10.0.0.4: Service default/waiter requests this address")
	s.set(t, "backend.loadBalancerIP", "10.0.0.3")
	l.kubectl(t, "delete", "service", "-n", "default", "plain", "holder", "waiter")
}
