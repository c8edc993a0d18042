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

// wanted returns the addresses of the stack's Services, by key.
func (l *lan) wanted() map[string]string {
	return map[string]string{"backend.loadBalancerIP": l.config.Backend.LoadBalancerIP, "frontend.loadBalancerIP": l.config.Frontend.LoadBalancerIP}
}

var addressKeys = []string{"backend.loadBalancerIP", "frontend.loadBalancerIP"}

// owns reports whether a Service belongs to the stack, including one that the next update creates or replaces, or
// that hands its address over to one (hankki handover).
func (l *lan) owns(s corev1.Service) bool {
	own := l.config.HasSite() && s.Namespace == l.config.Namespace && (s.Name == "backend" || s.Name == "frontend")
	handedOver := l.config.Command.Handover != "" && s.Namespace == l.config.Command.Handover
	return own || handedOver || l.stack.Owns("Service", s.ObjectMeta)
}

// addresses rejects an address that another Service has or requests, or that belongs to a node.
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
			case l.owns(s):
			case slices.Contains(metallb.Holds(s), address):
				errs = append(errs, fmt.Errorf("%s %s: %s has this address: choose another, or delete that Service", key, address, name))
			case slices.Contains(metallb.RequestedAddresses(s), address):
				errs = append(errs, fmt.Errorf("%s %s: %s requests this address and may get it first: choose another, or delete that Service", key, address, name))
			}
		}
		if l.config.MetalLB.Manage == config.ManageNone { // otherwise the ranges are checked
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

// held requires an existing pool for an address if the stack creates none.
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
			ownPool = fmt.Errorf("%s %s: with metallb.manage %q this update deletes %s, which contains the address: "+
				"set metallb.manage %q, or remove the pool from the state with `pulumi state delete` to keep it in the cluster", key, address, config.ManageNone, p, config.ManagePools)
			continue
		}
		name, _, _ := strings.Cut(key, ".")
		labels := map[string]string{"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "hankki", "app.kubernetes.io/managed-by": "pulumi"}
		s := corev1.Service{}
		s.Namespace, s.Name, s.Labels = l.config.Namespace, name, labels
		if p.Allows(s, l.namespace) {
			return nil
		}
		return fmt.Errorf("%s %s: %s contains it, but its serviceAllocation excludes Service %s/%s: choose another address, or allow in the pool the namespace %s",
			key, address, p, s.Namespace, s.Name, s.Namespace)
	}
	if ownPool != nil {
		return ownPool
	}
	if len(all) == 0 {
		all = []string{"none"}
	}
	if l.config.Role == config.RoleSite {
		return fmt.Errorf("%s %s: no IPAddressPool of the cluster contains this address (%s): choose one in a pool, or add it to metallb.addresses of the platform's stack",
			key, address, strings.Join(all, ", "))
	}
	return fmt.Errorf("%s %s: metallb.manage is %q, and no IPAddressPool of the cluster contains this address (%s): choose one in a pool, or set metallb.manage %q",
		key, address, config.ManageNone, strings.Join(all, ", "), config.ManagePools)
}
