package reach

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// How long a problem is waited out. One that may end by itself (a pod that starts, a node that comes back) has until the
// limit of the roll-out.
const (
	lasting     = 15 * time.Second // a cause that only a person can remove; MetalLB may still be working on a change
	unexplained = time.Minute      // no cause is known
	passing     = time.Hour        // the limit is shorter
)

// problem is one reason why the LAN does not reach a Service.
type problem struct {
	text     string
	patience time.Duration
}

func (p problem) unexplained() bool { return p.patience == unexplained }

func last(format string, args ...any) problem { return problem{fmt.Sprintf(format, args...), lasting} }
func pass(format string, args ...any) problem { return problem{fmt.Sprintf(format, args...), passing} }

// service is what is to be reached, and what this stack has configured for it.
type service struct {
	namespace, name, address string
	stack                    Stack
}

func (s service) String() string {
	return fmt.Sprintf("Service %s in namespace %s", s.name, s.namespace)
}

func (s service) path() string { return "/api/v1/namespaces/" + s.namespace + "/services/" + s.name }

// Stack is what this stack has in MetalLB's namespace.
type Stack struct {
	Namespace, Pool, Advertisement string // empty: others manage MetalLB's pools
	Addresses                      []string
}

// ours tells whether the stack makes a pool.
func (s Stack) ours() bool { return s.Pool != "" }

// again is the way out where an object of the stack was changed or removed by hand.
const again = "`pulumi up --refresh` puts right what was changed outside of Pulumi"

// unaddressed lists why MetalLB has not given the address to the Service; nothing if it has.
func (s service) unaddressed(f *facts) []problem {
	if f.service == nil {
		return []problem{last("it was removed by hand: `pulumi up --refresh` makes it again")}
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
		text := "MetalLB has not given it " + s.address + " yet"
		if len(held) > 0 {
			text = fmt.Sprintf("it has %s in place of %s", strings.Join(held, ", "), s.address)
		}
		known = []problem{{text + f.lastEvent(), unexplained}}
	}
	return known
}

// changed lists what was changed of the Service by hand.
func (s service) changed(f *facts) (found []problem) {
	if f.service.Spec.Type != corev1.ServiceTypeLoadBalancer {
		return []problem{last("its type is %s, not LoadBalancer; %s", f.service.Spec.Type, again)}
	}
	if asked := asksFor(*f.service); asked != s.address {
		found = append(found, last("it asks MetalLB for %q, not for %s; %s", asked, s.address, again))
	}
	class, _ := f.flag(isController, "lb-class")
	switch has := deref(f.service.Spec.LoadBalancerClass); {
	case has == class || f.unknown["pods"] != nil:
	case class == "":
		found = append(found, last("it has the loadBalancerClass %q, and MetalLB serves only Services without one; %s", has, again))
	default:
		found = append(found, last("MetalLB serves only Services of the loadBalancerClass %q (--lb-class of its controller), and this one has %q", class, has))
	}
	return found
}

// contested names Services that have the address.
func (s service) contested(f *facts) (found []problem) {
	for _, other := range f.services {
		if other.Namespace == s.namespace && other.Name == s.name {
			continue
		}
		if holds(other, s.address) {
			found = append(found, last("Service %s/%s has %s: give it another address or remove it", other.Namespace, other.Name, s.address))
		}
	}
	return found
}

// unconfigured lists why no pool gives the address to the Service.
func (s service) unconfigured(f *facts) (found []problem) {
	for _, why := range f.refused() {
		found = append(found, last("MetalLB refuses its configuration, and a pod of MetalLB that starts announces nothing: %s", why))
	}
	if f.unknown["ipaddresspools"] != nil {
		return found
	}
	pool, held := f.poolOf(s.address)
	switch {
	case !held && s.stack.ours():
		found = append(found, s.poolProblem(f))
	case !held:
		found = append(found, last("no IPAddressPool holds %s: the cluster has %s", s.address, describe(f.installed())))
	case !pool.Allows(*f.service, f.namespace):
		found = append(found, last("%s holds %s, but its serviceAllocation excludes this Service", pool, s.address))
	}
	return found
}

// poolProblem says what became of the stack's own pool.
func (s service) poolProblem(f *facts) problem {
	for _, p := range f.pools {
		if p.Namespace != s.stack.Namespace || p.Name != s.stack.Pool {
			continue
		}
		if where := f.namespaces(); p.Contains(s.address) {
			return last("%s is not read by MetalLB, which runs in %s: set metallb.namespace %q", p, strings.Join(where, ", "), where[0])
		}
		return last("%s has the addresses %s, the stack has %s; %s",
			p, strings.Join(p.Spec.Addresses, ", "), strings.Join(s.stack.Addresses, ", "), again)
	}
	return last("IPAddressPool %s/%s is missing; %s", s.stack.Namespace, s.stack.Pool, again)
}
