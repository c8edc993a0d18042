package config

import (
	"net"
	"net/netip"
	"regexp"
	"strings"
)

var (
	namedServer = regexp.MustCompile(`^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?$`)
	ipv6Server  = regexp.MustCompile(`^\[([0-9A-Fa-f:]+)\](:[0-9]{1,5})?$`)
)

// Host returns the server without its port, and an IPv6 address without brackets.
func (r Registry) Host() string {
	if host, _, err := net.SplitHostPort(r.Server); err == nil {
		return host
	}
	return strings.Trim(r.Server, "[]")
}

// CanonicalServer returns the server of a registry, host[:port], with an IPv6 address shortened and in lower case. Other
// text is returned unchanged.
func CanonicalServer(server string) string {
	address, port, ok := splitIPv6(server)
	if !ok {
		return server
	}
	return "[" + address.String() + "]" + port
}

// splitIPv6 parses [ADDRESS] and [ADDRESS]:PORT; port begins with a colon, or is empty. Image references can't have an IPv4
// address mapped into IPv6.
func splitIPv6(server string) (address netip.Addr, port string, ok bool) {
	parts := ipv6Server.FindStringSubmatch(server)
	if parts == nil {
		return address, "", false
	}
	address, err := netip.ParseAddr(parts[1])
	return address, parts[2], err == nil && address.Is6() && !address.Is4In6()
}

// isServer reports whether the text is host[:port], with an IPv6 address in brackets. name.NewRegistry of go-containerregistry
// 0.22 also accepts the port 99999, the host 10.0.0.256 and an IPv6 address without brackets.
func isServer(text string) bool {
	if _, port, ok := splitIPv6(text); ok {
		return endsInPort(port)
	}
	host, _, _ := strings.Cut(text, ":")
	return namedServer.MatchString(text) && endsInPort(text) && !isFalseAddress(host)
}
