package metallb

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

func (p Pool) String() string { return "IPAddressPool " + p.Namespace + "/" + p.Name }

func (a Advertisement) String() string { return a.Namespace + "/" + a.Name }

// Ranges returns the pool's valid entries.
func (p Pool) Ranges() (ranges []Range) {
	for _, text := range p.Spec.Addresses {
		if r, err := ParseRange(text); err == nil {
			ranges = append(ranges, Range{IPRange: r, Where: p.String(), Text: text})
		}
	}
	return ranges
}

// Contains reports whether the pool contains an address.
func (p Pool) Contains(address string) bool {
	a, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(p.Ranges(), func(r Range) bool { return r.Contains(a.Unmap()) })
}

// Refused lists why MetalLB would reject the pools: an invalid entry, or two that overlap. MetalLB then keeps its
// previous configuration until its pods restart.
func Refused(pools []Pool) (why []string) {
	var ranges []Range
	for _, p := range pools {
		if len(p.Spec.Addresses) == 0 {
			why = append(why, p.String()+" has no addresses")
		}
		for _, text := range p.Spec.Addresses {
			if _, err := ParseRange(text); err != nil {
				why = append(why, fmt.Sprintf("%s: %v", p, err))
			}
		}
		ranges = append(ranges, p.Ranges()...)
	}
	for _, pair := range Overlaps(ranges) {
		why = append(why, fmt.Sprintf("%s overlaps with %s", pair[0], pair[1]))
	}
	return why
}

// Allows reports whether a Service may have addresses of the pool. If the labels of its namespace are unknown (nil),
// each namespaceSelector matches.
func (p Pool) Allows(s corev1.Service, namespace *corev1.Namespace) bool {
	if p.Spec.For == nil {
		return true
	}
	named := len(p.Spec.For.Namespaces) == 0 || slices.Contains(p.Spec.For.Namespaces, s.Namespace)
	if selectors := p.Spec.For.NamespaceSelectors; len(selectors) > 0 {
		selected := namespace == nil || matchesAny(selectors, namespace.Labels)
		named = selected || len(p.Spec.For.Namespaces) > 0 && named
	}
	return named && (len(p.Spec.For.ServiceSelectors) == 0 || matchesAny(p.Spec.For.ServiceSelectors, s.Labels))
}

// Covers reports whether an advertisement selects a pool. One that names no pool selects all.
func (a Advertisement) Covers(p Pool) bool {
	if a.Namespace != p.Namespace {
		return false
	}
	everything := len(a.Spec.Pools) == 0 && len(a.Spec.PoolSelectors) == 0
	return everything || slices.Contains(a.Spec.Pools, p.Name) || matchesAny(a.Spec.PoolSelectors, p.Labels)
}

// Selects reports whether an advertisement allows a node to announce. One without nodeSelectors allows all.
func (a Advertisement) Selects(node corev1.Node) bool {
	return len(a.Spec.NodeSelectors) == 0 || matchesAny(a.Spec.NodeSelectors, node.Labels)
}

// matchesAny ignores malformed selectors, which MetalLB rejects.
func matchesAny(selectors []metav1.LabelSelector, of map[string]string) bool {
	return slices.ContainsFunc(selectors, func(s metav1.LabelSelector) bool {
		selector, err := metav1.LabelSelectorAsSelector(&s)
		return err == nil && selector.Matches(labels.Set(of))
	})
}

// addresses parses a comma-separated list.
func addresses(list string) (found []string) {
	for text := range strings.SplitSeq(list, ",") {
		if text = strings.TrimSpace(text); text != "" {
			found = append(found, Canonical(text))
		}
	}
	return found
}
