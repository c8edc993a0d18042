package preflight

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"hankki/internal/config"
	"hankki/internal/metallb"
)

// wanted are the addresses of the stack's Services, by key.
func (l *lan) wanted() map[string]string {
	return map[string]string{"backend.loadBalancerIP": l.config.Backend.LoadBalancerIP, "frontend.loadBalancerIP": l.config.Frontend.LoadBalancerIP}
}

var addressKeys = []string{"backend.loadBalancerIP", "frontend.loadBalancerIP"}

// ours tells whether a Service is one of the stack's, also one that the next update creates or replaces, or gives its address up
// to one (hankki handover).
func (l *lan) ours(s corev1.Service) bool {
	own := s.Namespace == l.config.Namespace && (s.Name == "backend" || s.Name == "frontend")
	handedOver := l.config.Command.Handover != "" && s.Namespace == l.config.Command.Handover
	return own || handedOver || l.stack.Owns("Service", s.ObjectMeta)
}

// addresses refuses an address that another Service has or asks for, or that is a node's.
func (l *lan) addresses() error {
	var errs []error
	for _, key := range addressKeys {
		address := l.wanted()[key]
		if !parse(address).IsValid() {
			continue
		}
		for _, s := range l.services {
			name := fmt.Sprintf("Service %s/%s", s.Namespace, s.Name)
			switch {
			case l.ours(s):
			case slices.Contains(metallb.Holds(s), address):
				errs = append(errs, fmt.Errorf("%s %s: %s has this address: choose another, or remove that Service", key, address, name))
			case slices.Contains(metallb.AsksFor(s), address):
				errs = append(errs, fmt.Errorf("%s %s: %s asks for this address and may get it first: choose another, or remove that Service", key, address, name))
			}
		}
		if l.config.MetalLB.Manage == config.ManageNone { // else the ranges are checked
			for _, node := range l.nodes {
				if slices.Contains(nodeAddresses(node), address) {
					errs = append(errs, fmt.Errorf("%s %s is the address of the node %s: choose another", key, address, node.Name))
				}
			}
			errs = append(errs, l.held(key, address))
		}
	}
	return errors.Join(errs...)
}

// held demands a pool for an address that the stack makes none for.
func (l *lan) held(key, address string) error {
	if _, hidden := l.unknown["ipaddresspools"]; hidden {
		return nil
	}
	var all []string
	var ownPool error
	for _, p := range l.effective() {
		all = append(all, fmt.Sprintf("%s (%s)", p, strings.Join(p.Spec.Addresses, ", ")))
		if !p.Contains(address) {
			continue
		}
		if l.stack.Has("IPAddressPool", p.ObjectMeta) {
			ownPool = fmt.Errorf("%s %s: with metallb.manage %q this update removes %s, which holds the address: "+
				"set metallb.manage %q, or let go of the pool with `pulumi state delete` so that others keep it", key, address, config.ManageNone, p, config.ManagePools)
			continue
		}
		name, _, _ := strings.Cut(key, ".")
		labels := map[string]string{"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "hankki", "app.kubernetes.io/managed-by": "pulumi"}
		s := corev1.Service{}
		s.Namespace, s.Name, s.Labels = l.config.Namespace, name, labels
		if p.Allows(s, l.namespace) {
			return nil
		}
		return fmt.Errorf("%s %s: %s holds it, but its serviceAllocation excludes Service %s/%s: choose another address, or have the pool allow the namespace %s",
			key, address, p, s.Namespace, s.Name, s.Namespace)
	}
	if ownPool != nil {
		return ownPool
	}
	if len(all) == 0 {
		all = []string{"none"}
	}
	return fmt.Errorf("%s %s: metallb.manage is %q, and no IPAddressPool of the cluster holds this address (%s): choose one that a pool holds, or set metallb.manage %q",
		key, address, config.ManageNone, strings.Join(all, ", "), config.ManagePools)
}
