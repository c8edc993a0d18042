package preflight

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"hankki/internal/config"
	"hankki/internal/metallb"
)

// effective lists the pools that MetalLB reads: those in its controller's namespace.
func (l *lan) effective() []metallb.Pool {
	namespaces := l.running()
	if l.config.MetalLB.Manage != config.ManageNone {
		namespaces = append(namespaces, l.config.MetalLB.Namespace)
	}
	if len(namespaces) == 0 {
		return l.pools
	}
	return slices.DeleteFunc(slices.Clone(l.pools), func(p metallb.Pool) bool { return !slices.Contains(namespaces, p.Namespace) })
}

// ranges rejects ranges of the stack's pool that overlap with another pool or contain a node's address.
func (l *lan) ranges() error {
	m := l.config.MetalLB
	if m.Manage == config.ManageNone {
		return nil
	}
	own := l.own()
	return errors.Join(l.poolsIn(own), l.nodesIn(own))
}

// own returns the ranges of the stack's pool.
func (l *lan) own() (ranges []metallb.Range) {
	if l.config.MetalLB.Manage == config.ManageNone {
		return nil
	}
	for _, text := range l.config.MetalLB.Addresses {
		if r, err := metallb.ParseRange(text); err == nil { // otherwise config rejects it
			ranges = append(ranges, metallb.Range{IPRange: r, Where: "metallb.addresses", Text: text})
		}
	}
	return ranges
}

func (l *lan) poolsIn(own []metallb.Range) error {
	m := l.config.MetalLB
	var errs []error
	for _, p := range l.effective() {
		if p.Namespace == m.Namespace && p.Name == m.Pool || l.stack.Owns("IPAddressPool", p.ObjectMeta) {
			continue
		}
		for _, other := range p.Ranges() {
			for _, r := range own {
				if r.Overlaps(other.IPRange) {
					errs = append(errs, fmt.Errorf("%s overlaps with %s, and MetalLB would reject its whole configuration: choose other addresses, or change that pool", r, other))
				}
			}
		}
	}
	return errors.Join(errs...)
}

func (l *lan) nodesIn(own []metallb.Range) error {
	var errs []error
	for _, node := range l.nodes {
		for _, address := range nodeAddresses(node) {
			for _, r := range own {
				if r.Contains(parse(address)) {
					errs = append(errs, fmt.Errorf("%s contains %s, the address of the node %s: exclude it, or a Service may get it", r, address, node.Name))
				}
			}
		}
	}
	return errors.Join(errs...)
}

// taken rejects the removal of an address that another Service has from a pool of the stack.
func (l *lan) taken() error {
	m, own := l.config.MetalLB, l.own()
	if m.Manage != config.ManageNone && len(own) < len(m.Addresses) {
		return nil // an unreadable pool may contain the address
	}
	key := "metallb.addresses " + strings.Join(m.Addresses, ", ")
	if m.Manage == config.ManageNone {
		key = fmt.Sprintf("metallb.manage %q", m.Manage)
	}
	var errs []error
	for _, s := range l.services {
		i := slices.IndexFunc(l.pools, func(p metallb.Pool) bool {
			return p.Name == metallb.PoolOf(s.Annotations) && l.stack.Has("IPAddressPool", p.ObjectMeta)
		})
		if i < 0 || l.owns(s) {
			continue
		}
		for _, address := range metallb.Holds(s) {
			if !slices.ContainsFunc(own, func(r metallb.Range) bool { return r.Contains(parse(address)) }) {
				errs = append(errs, fmt.Errorf("%s removes %s, currently in %s, from Service %s/%s: keep the address in the pool, or change the Service's address first",
					key, address, l.pools[i], s.Namespace, s.Name))
			}
		}
	}
	return errors.Join(errs...)
}
