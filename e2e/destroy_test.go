package e2e

import (
	"strings"
	"testing"
	"time"
)

// addressOf is the LAN address of a Service in the namespace default.
func (l lab) addressOf(t *testing.T, name string) string {
	t.Helper()
	return l.kubectl(t, "get", "service", "-n", "default", name, "-o", "jsonpath={.status.loadBalancer.ingress[*].ip}")
}

// checkSharedMetalLB destroys a stack while a foreign Service uses its MetalLB. A plain destroy is refused. `--shared keep`
// keeps MetalLB, and the Service keeps its address.
func checkSharedMetalLB(t *testing.T, l lab, s stack) {
	l.create(t, `{"apiVersion":"v1","kind":"Service","metadata":{"name":"theirs","namespace":"default","annotations":{"metallb.io/loadBalancerIPs":"10.0.0.60"}},"spec":{"type":"LoadBalancer","ports":[{"port":80}]}}`)
	t.Cleanup(func() { l.kubectl(t, "delete", "service", "-n", "default", "theirs", "--ignore-not-found") })
	hasIt := func() string { return unless(l.addressOf(t, "theirs"), "10.0.0.60") }
	eventually(t, 10*time.Second, hasIt)

	deployments := l.kubectl(t, "get", "deployments", "-A", "-o", "name")
	refused, err := s.hankki(t.Context(), "destroy").CombinedOutput()
	if err == nil {
		t.Fatalf("hankki destroy succeeds though a foreign Service uses MetalLB:\n%s", refused)
	}
	expectOutput(t, string(refused), "Service default/theirs has an address of the pool address-pool", "SHARED=keep", "SHARED=delete")
	if after := l.kubectl(t, "get", "deployments", "-A", "-o", "name"); after != deployments {
		t.Errorf("the refused destroy changed the Deployments from\n%s\nto\n%s", deployments, after)
	}

	kept, err := s.hankki(t.Context(), "destroy", "--shared", "keep").CombinedOutput()
	if err != nil {
		t.Fatalf("hankki destroy --shared keep: %v\n%s", err, kept)
	}
	expectOutput(t, string(kept), "IPAddressPool metallb-system/address-pool", "others use it", "PersistentVolumeClaim hankki/postgres")
	l.kubectl(t, "rollout", "status", "-n", "metallb-system", "daemonset/metallb-speaker", "--timeout=30s")
	l.kubectl(t, "get", "-n", "metallb-system", "ipaddresspool/address-pool", "l2advertisement/recipe-lb")
	if why := hasIt(); why != "" {
		t.Errorf("the address of the foreign Service: %s", why)
	}
	if got := strings.TrimSpace(l.kubectl(t, "get", "deployments", "-n", "hankki", "-o", "name")); got != "" {
		t.Errorf("after destroy the site still has %s", got)
	}
	l.kubectl(t, "delete", "service", "-n", "default", "theirs")
}

// copiedClaim has the same annotations as the PersistentVolumeClaim of the stack dev.
const copiedClaim = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: copied, namespace: default, annotations: %s}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
`

// checkCopyStays copies the PersistentVolumeClaim with all annotations, as from `kubectl get -o yaml`. A destroy with
// DATA=delete deletes the claim that the stack created, and not the copy.
func checkCopyStays(t *testing.T, l lab, s stack) {
	annotations := l.kubectl(t, "get", "persistentvolumeclaim", "-n", "hankki", "postgres", "-o", "jsonpath={.metadata.annotations}")
	expectOutput(t, annotations, "hankki/owner-id")
	l.create(t, strings.Replace(copiedClaim, "%s", annotations, 1))
	t.Cleanup(func() {
		l.kubectl(t, "delete", "persistentvolumeclaim", "-n", "default", "copied", "--ignore-not-found")
	})
	destroy := s.hankki(t.Context(), "destroy", "--data", "delete", "--shared", "delete")
	printed, err := destroy.CombinedOutput()
	if err != nil {
		t.Fatalf("hankki destroy: %v\n%s", err, printed)
	}
	expectOutput(t, string(printed), "PersistentVolumeClaim default/copied", "this stack did not create it")
	if left := strings.TrimSpace(l.kubectl(t, "get", "persistentvolumeclaims", "-A", "-o", "jsonpath={.items[*].metadata.name}")); left != "copied" {
		t.Errorf("remaining PersistentVolumeClaims: %s; want only the copy", left)
	}
	l.kubectl(t, "delete", "persistentvolumeclaim", "-n", "default", "copied")
}

// checkHandoverRolledBack excludes all nodes from announcing. The handover fails and returns the address to the other site.
func checkHandoverRolledBack(t *testing.T, l lab, s stack) {
	const exclude = "node.kubernetes.io/exclude-from-external-load-balancers"
	label := func(value string) { l.kubectl(t, "label", "node", "w1", "w2", exclude+value) }
	t.Cleanup(func() { label("-") })
	label("=true")
	c := s.hankki(t.Context(), "handover", "--from", "default")
	c.Env = append(c.Env, "XDG_CACHE_HOME="+t.TempDir())
	printed, err := c.CombinedOutput()
	if err == nil {
		t.Fatalf("hankki handover to addresses that no node announces succeeds:\n%s", printed)
	}
	expectOutput(t, string(printed), "Service hankki/backend did not respond at 10.0.0.3", "Service default/backend-lb has the address again")
	label("-")
	eventually(t, 30*time.Second, func() string { return apiAnswers(t, l) })
	for name, address := range map[string]string{"backend-lb": "10.0.0.3", "frontend-lb": "10.0.0.4"} {
		if got := l.addressOf(t, name); got != address {
			t.Errorf("Service default/%s has address %q, want %s", name, got, address)
		}
	}
}
