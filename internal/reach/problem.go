package reach

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/utils/ptr"
)

// How long a problem may last before it fails the update. Problems that may resolve themselves (a pod starts, a node
// returns) last until the rollout's timeout.
const (
	lasting     = 15 * time.Second // a cause that needs manual action; MetalLB may still be applying a change
	unexplained = time.Minute      // the cause is unknown
	passing     = time.Hour        // longer than the timeout
)

// problem is a reason why the LAN can't reach a Service.
type problem struct {
	text     string
	patience time.Duration
}

func (p problem) unexplained() bool { return p.patience == unexplained }

func last(format string, args ...any) problem { return problem{fmt.Sprintf(format, args...), lasting} }
func pass(format string, args ...any) problem { return problem{fmt.Sprintf(format, args...), passing} }

// service is a Service with the stack's configuration for it.
type service struct {
	namespace, name, address string
	stack                    Stack
}

func (s service) String() string {
	return fmt.Sprintf("Service %s in namespace %s", s.name, s.namespace)
}

func (s service) path() string { return "/api/v1/namespaces/" + s.namespace + "/services/" + s.name }

// Stack is the stack's configuration in MetalLB's namespace.
type Stack struct {
	Namespace, Pool, Advertisement string // empty: the stack manages no pools
	Addresses                      []string
}

// hasPool reports whether the stack creates a pool.
func (s Stack) hasPool() bool { return s.Pool != "" }

// again is the remedy if an object of the stack was changed or deleted outside Pulumi.
const again = "`pulumi up --refresh` reverts changes made outside Pulumi"

// unaddressed lists why MetalLB has not assigned the address to the Service; empty if it has.
func (s service) unaddressed(f *facts) []problem {
	if f.service == nil {
		return []problem{last("it was deleted outside Pulumi: `pulumi up --refresh` creates it again")}
	}
	held := statusOf(*f.service)
	if len(held) == 1 && held[0] == s.address {
		return nil
	}
	known := s.changed(f)
	if len(known) == 0 {
		known = append(s.unconfigured(f), s.contested(f)...)
	}
	if len(known) == 0 {
		known = f.controller()
	}
	if len(known) == 0 {
		text := "MetalLB has not assigned " + s.address + " to it yet"
		if len(held) > 0 {
			text = fmt.Sprintf("its address is %s instead of %s", strings.Join(held, ", "), s.address)
		}
		known = []problem{{text + f.lastEvent(), unexplained}}
	}
	return known
}

// changed lists changes of the Service outside Pulumi.
func (s service) changed(f *facts) (found []problem) {
	if f.service.Spec.Type != corev1.ServiceTypeLoadBalancer {
		return []problem{last("its type is %s, not LoadBalancer; %s", f.service.Spec.Type, again)}
	}
	if requested := requestedAddress(*f.service); requested != s.address {
		found = append(found, last("it requests the address %q from MetalLB, not %s; %s", requested, s.address, again))
	}
	class, _ := f.flag(isController, "lb-class")
	switch has := ptr.Deref(f.service.Spec.LoadBalancerClass, ""); {
	case has == class || f.unknown["pods"] != nil:
	case class == "":
		found = append(found, last("its loadBalancerClass is %q, but MetalLB serves only Services without one; %s", has, again))
	default:
		found = append(found, last("MetalLB serves only Services of the loadBalancerClass %q (--lb-class of its controller), but its class is %q", class, has))
	}
	return found
}

// contested lists the Services that have the address.
func (s service) contested(f *facts) (found []problem) {
	for _, other := range f.services {
		if other.Namespace == s.namespace && other.Name == s.name {
			continue
		}
		if holds(other, s.address) {
			found = append(found, last("Service %s/%s has %s: change its address or delete it", other.Namespace, other.Name, s.address))
		}
	}
	return found
}

// unconfigured lists why no pool assigns the address to the Service.
func (s service) unconfigured(f *facts) (found []problem) {
	for _, why := range f.refused() {
		found = append(found, last("MetalLB rejects its configuration, and MetalLB pods that start now announce no address: %s", why))
	}
	if f.unknown["ipaddresspools"] != nil {
		return found
	}
	pool, held := f.poolOf(s.address)
	switch {
	case !held && s.stack.hasPool():
		found = append(found, s.poolProblem(f))
	case !held:
		found = append(found, last("no IPAddressPool contains %s: the cluster has %s", s.address, describe(f.installed())))
	case !pool.Allows(*f.service, f.namespace):
		found = append(found, last("%s contains %s, but its serviceAllocation excludes this Service", pool, s.address))
	}
	return found
}

// poolProblem compares the stack's own pool with its configuration.
func (s service) poolProblem(f *facts) problem {
	for _, p := range f.pools {
		if p.Namespace != s.stack.Namespace || p.Name != s.stack.Pool {
			continue
		}
		if where := f.namespaces(); p.Contains(s.address) {
			return last("%s is not read by MetalLB, which runs in %s: set metallb.namespace %q", p, strings.Join(where, ", "), where[0])
		}
		return last("%s has the addresses %s, but the stack configures %s; %s",
			p, strings.Join(p.Spec.Addresses, ", "), strings.Join(s.stack.Addresses, ", "), again)
	}
	return last("IPAddressPool %s/%s is missing; %s", s.stack.Namespace, s.stack.Pool, again)
}
