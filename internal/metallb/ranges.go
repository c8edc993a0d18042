// Package metallb implements MetalLB's objects and rules that hankki depends on: the addresses of a pool, the
// configurations that MetalLB rejects, and the nodes that may announce a Service. It sends no requests.
package metallb

import (
	"fmt"
	"net/netip"
	"strings"

	"go4.org/netipx"
)

// ParseRange parses one entry of a pool: a prefix such as 10.0.0.0/28, or a range FROM-TO. It accepts the same
// entries as MetalLB.
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
		return r, fmt.Errorf("%q is not a range: its first address is greater than its last, or their IP families differ", text)
	}
	return r, nil
}

// Canonical returns an address in the form of a Service's status: IPv6 shortened and in lower case, IPv4 never mapped
// into IPv6. Text that is not an address is returned unchanged.
func Canonical(text string) string {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return text
	}
	return address.Unmap().String()
}

// Range is one entry of a pool, with its location.
type Range struct {
	netipx.IPRange
	Where string // e.g. IPAddressPool metallb-system/address-pool
	Text  string // the entry as configured
}

func (r Range) String() string { return r.Where + " " + r.Text }

// Overlaps lists each pair of ranges that share an address. One such pair makes MetalLB reject its whole
// configuration.
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
