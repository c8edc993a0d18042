package handover

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"hankki/internal/cluster"
	"hankki/internal/manifest"
	"hankki/internal/metallb"
	"hankki/internal/stack"
)

// service is one of the stack's Services that needs an address.
type service struct {
	object  cluster.Object
	address string
	port    string // number, on that address
}

// services lists the stack's Services that request an address, by name: the API before the front end that calls it.
func services(state *stack.State) []service {
	var all []service
	for _, r := range state.Resources {
		o, ok := r.Object()
		if !ok || o.Kind != cluster.ServiceKind {
			continue
		}
		s, err := manifest.Decode[corev1.Service](r.Inputs)
		if err != nil {
			continue // no Service of the stack has inputs that are not a Service's
		}
		if requested := metallb.RequestedAddresses(s); len(requested) > 0 && len(s.Spec.Ports) > 0 {
			all = append(all, service{o, requested[0], strconv.Itoa(int(s.Spec.Ports[0].Port))})
		}
	}
	slices.SortFunc(all, func(a, b service) int { return strings.Compare(a.object.String(), b.object.String()) })
	return all
}

// holders returns the Services of a namespace that have addresses, by address.
func (h handover) holders(ctx context.Context, namespace string) (map[string]cluster.Object, error) {
	list, err := h.client.List(ctx, cluster.ServiceKind, namespace)
	if err != nil {
		return nil, err
	}
	found := map[string]cluster.Object{}
	for _, live := range list {
		s, err := cluster.Decode[corev1.Service](&live)
		if err != nil {
			return nil, err
		}
		if s.Spec.Type != corev1.ServiceTypeLoadBalancer {
			continue
		}
		for _, address := range metallb.Holds(s) {
			if other, taken := found[address]; taken && other != cluster.Name(&live) {
				return nil, fmt.Errorf("%s and %s share the address %s (annotation metallb.io/allow-shared-ip): a handover can't move shared addresses; delete one of the Services first",
					other, cluster.Name(&live), address)
			}
			found[address] = cluster.Name(&live)
		}
	}
	return found, nil
}

// check rejects, in one error and before the first deletion, Services of the other site that can't be handed over:
// those with an address that no Service of the stack requests, and those whose deletion may be delayed.
func (h handover) check(ctx context.Context, before map[string]cluster.Object, wanted []service) error {
	goes := map[cluster.Object]bool{}
	for _, to := range wanted {
		if from, found := before[to.address]; found {
			goes[from] = true
		}
	}
	var errs []error
	for _, address := range slices.Sorted(maps.Keys(before)) {
		from := before[address]
		if goes[from] && !slices.ContainsFunc(wanted, func(to service) bool { return to.address == address }) {
			errs = append(errs, fmt.Errorf("%s also has the address %s, which no Service of the stack requests: move it to another Service first", from, address))
		}
	}
	for _, from := range slices.SortedFunc(maps.Keys(goes), func(a, b cluster.Object) int { return strings.Compare(a.String(), b.String()) }) {
		live, err := h.client.Get(ctx, from)
		if err != nil {
			errs = append(errs, err)
		} else if holds := slices.DeleteFunc(live.GetFinalizers(), byBalancer); len(holds) > 0 {
			errs = append(errs, fmt.Errorf("%s has the finalizer %s, so its deletion may be delayed while the address is unreachable: remove the finalizer first", from, strings.Join(holds, ", ")))
		}
	}
	return errors.Join(errs...)
}

// byBalancer reports whether the finalizer is that of Kubernetes' service controller, which removes it immediately.
func byBalancer(finalizer string) bool {
	return finalizer == "service.kubernetes.io/load-balancer-cleanup"
}

func names(holders map[string]cluster.Object) string {
	if len(holders) == 0 {
		return "no Service with an address"
	}
	var all []string
	for _, address := range slices.Sorted(maps.Keys(holders)) {
		all = append(all, fmt.Sprintf("%s (%s)", holders[address], address))
	}
	return strings.Join(all, ", ")
}
