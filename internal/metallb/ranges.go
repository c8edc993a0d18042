// Package metallb holds MetalLB's objects and rules, as far as hankki depends on them: which addresses a pool holds,
// which configuration MetalLB refuses, and which nodes may announce a Service. It makes no request of its own.
package metallb

import (
	"fmt"
	"net/netip"
	"strings"

	"go4.org/netipx"
)

// ParseRange reads one entry of a pool: a prefix such as 10.0.0.0/28, or a range FROM-TO. It accepts what MetalLB accepts.
func ParseRange(text string) (netipx.IPRange, error) {
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return netipx.RangeOfPrefix(prefix), nil
	}
	from, to, found := strings.Cut(text, "-")
	if !found {
		return netipx.IPRange{}, fmt.Errorf("%q is neither FROM-TO nor a prefix", text)
	}
	first, err := netip.ParseAddr(strings.TrimSpace(from))
	if err != nil {
		return netipx.IPRange{}, fmt.Errorf("%q is not a range: %w", text, err)
	}
	last, err := netip.ParseAddr(strings.TrimSpace(to))
	if err != nil {
		return netipx.IPRange{}, fmt.Errorf("%q is not a range: %w", text, err)
	}
	r := netipx.IPRangeFrom(first, last)
	if !r.IsValid() {
		return r, fmt.Errorf("%q is not a range: its first address is behind its last, or they are of two families", text)
	}
	return r, nil
}

// Canonical is an address as Kubernetes writes it in a Service's status: IPv6 shortened and in lower case, IPv4 never
// mapped into IPv6. Text that is no address comes back as it is.
func Canonical(text string) string {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return text
	}
	return address.Unmap().String()
}

// Range is one entry of a pool, with the place where it is written.
type Range struct {
	netipx.IPRange
	Where string // e.g. IPAddressPool metallb-system/address-pool
	Text  string // the entry as it is written
}

func (r Range) String() string { return r.Where + " " + r.Text }

// Overlaps lists each pair of ranges that share an address. MetalLB refuses its whole configuration if there is one.
func Overlaps(ranges []Range) (pairs [][2]Range) {
	for i, one := range ranges {
		for _, other := range ranges[:i] {
			if one.Overlaps(other.IPRange) {
				pairs = append(pairs, [2]Range{other, one})
			}
		}
	}
	return pairs
}
