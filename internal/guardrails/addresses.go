package guardrails

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"hankki/internal/manifest"
	"hankki/internal/metallb"
)

// lostAddresses finds Services whose addresses are in no pool after the change. A stack without pools, before and
// after, uses the cluster's pools, which are unknown here. The address of a deleted Service is no longer in use. A
// Service that changes its address uses the old one until it is updated, which happens after the pool's update.
func lostAddresses(c Change) ([]Violation, error) {
	pools, err := objects[metallb.Pool](c.After, "metallb.io", "IPAddressPool")
	if err != nil {
		return nil, err
	}
	former, err := objects[metallb.Pool](c.Before, "metallb.io", "IPAddressPool")
	if err != nil || len(pools)+len(former) == 0 {
		return nil, err
	}
	holds := func(pools []metallb.Pool) func(address string) bool {
		return func(address string) bool {
			return slices.ContainsFunc(pools, func(p metallb.Pool) bool { return p.Contains(address) })
		}
	}
	own, err := outside(c, holds(pools))
	if err != nil {
		return nil, err
	}
	others, err := lostBySites(c.Sites, holds(former), holds(pools))
	return append(own, others...), err
}

// lostBySites finds the Services of other stacks with an address that was held and no longer would be.
func lostBySites(sites []manifest.Resource, was, is func(address string) bool) (found []Violation, err error) {
	for _, r := range sites {
		if name, _ := r.Name(); !name.Is("", "Service") {
			continue
		}
		addresses, err := addressesOf(r)
		if err != nil {
			return nil, err
		}
		for _, address := range addresses {
			v := violation(r, "no pool would contain its address %s", address)
			if was(address) && !is(address) && !slices.Contains(found, v) { // once, if it is the same before and after
				found = append(found, v)
			}
		}
	}
	return found, nil
}

// outside finds the Services with an address that is not held.
func outside(c Change, held func(address string) bool) (found []Violation, err error) {
	before := manifest.ByObject(c.Before)
	for key, now := range manifest.ByObject(c.After) {
		if name, _ := now.Name(); !name.Is("", "Service") {
			continue
		}
		uses, err := addressesOf(now)
		if err != nil {
			return nil, err
		}
		used, err := addressesOf(before[key])
		if err != nil {
			return nil, err
		}
		for _, address := range uses {
			if !held(address) {
				found = append(found, violation(now, "no pool would contain its address %s", address))
			}
		}
		for _, address := range used {
			if !held(address) && !slices.Contains(uses, address) {
				found = append(found, violation(now, "its current address %s would leave the pools before the Service has its new address: change the Service first, then change the pool", address))
			}
		}
	}
	return found, nil
}

// addressesOf lists the addresses that a Service requests; none for the zero Resource.
func addressesOf(r manifest.Resource) ([]string, error) {
	if r.Object == nil {
		return nil, nil
	}
	service, err := manifest.Decode[corev1.Service](r.Object)
	return metallb.RequestedAddresses(service), err
}

// objects decodes all objects of a kind.
func objects[T any](resources []manifest.Resource, group, kind string) (all []T, err error) {
	for _, r := range resources {
		if name, ok := r.Name(); !ok || !name.Is(group, kind) {
			continue
		}
		one, err := manifest.Decode[T](r.Object)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}
