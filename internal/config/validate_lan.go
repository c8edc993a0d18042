package config

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"go4.org/netipx"

	"hankki/internal/metallb"
)

// deriveManage converts the deprecated key metallb.install into manage and adds a warning.
func (c *Config) deriveManage() {
	m := &c.MetalLB
	if m.Install != nil {
		instead := ManagePools
		if *m.Install {
			instead = ManageInstall
		}
		c.Warnings = append(c.Warnings, fmt.Sprintf("metallb.install is deprecated: write metallb.manage %q in place of install %t", instead, *m.Install))
		if m.Manage == "" {
			m.Manage = instead
		}
	}
	if m.Manage == "" {
		m.Manage = ManageInstall
	}
}

// validate returns the addresses for Services; nil if they are unset or invalid.
func (m MetalLB) validate(p *problems) *netipx.IPSet {
	oneOf(p, "metallb.manage", m.Manage, ManageInstall, ManagePools, ManageNone)
	if m.Install != nil {
		p.check(*m.Install == (m.Manage == ManageInstall) && (*m.Install || m.Manage != ManageNone),
			"metallb.install %t and metallb.manage %q contradict each other: remove install", *m.Install, m.Manage)
	}
	for _, name := range []struct{ key, value string }{
		{"namespace", m.Namespace}, {"pool", m.Pool}, {"advertisement", m.Advertisement},
	} {
		p.check(isLabel(name.value), "metallb.%s %q is not a valid name: use lower-case letters, digits and -", name.key, name.value)
	}
	if m.Manage == ManageInstall {
		m.Chart.validate(p, "metallb.chart")
	}
	p.check(len(m.Addresses) > 0 || m.Manage == ManageNone, "metallb.addresses is missing: list the addresses of the LAN that Services may have, e.g. 10.0.0.3-10.0.0.254")
	return m.validateRanges(p)
}

func (m MetalLB) validateRanges(p *problems) *netipx.IPSet {
	var ranges []metallb.Range
	var b netipx.IPSetBuilder
	for _, text := range m.Addresses {
		r, err := metallb.ParseRange(text)
		if err != nil {
			p.add("metallb.addresses %q is neither FROM-TO nor a prefix: write it like 10.0.0.3-10.0.0.254 or 10.0.0.0/28", text)
			continue
		}
		ranges = append(ranges, metallb.Range{IPRange: r, Text: text})
		b.AddRange(r)
	}
	for _, pair := range metallb.Overlaps(ranges) {
		p.add("metallb.addresses %s and %s overlap, and MetalLB refuses its whole configuration then: remove or shorten one", pair[0].Text, pair[1].Text)
	}
	if len(ranges) == 0 || len(ranges) < len(m.Addresses) {
		return nil // membership cannot be checked
	}
	pool, err := b.IPSet()
	if err != nil {
		p.add("metallb.addresses %s: %w", strings.Join(m.Addresses, ", "), err)
	}
	return pool
}

// validateAddresses checks the Services' addresses against the pool and against each other.
func (c *Config) validateAddresses(p *problems, pool *netipx.IPSet) {
	example := "e.g. 10.0.0.3"
	if len(c.MetalLB.Addresses) > 0 {
		example = "choose one of metallb.addresses " + strings.Join(c.MetalLB.Addresses, ", ")
	}
	taken := map[netip.Addr]string{}
	bucket := ""
	if c.Backup.InS3() {
		bucket, _ = c.Backup.S3.Address()
	}
	for _, server := range []struct{ key, host string }{{"database.host", c.Database.Host}, {"registry.server", c.Registry.Host()}, {"backup.s3.endpoint", bucket}} {
		if address, err := netip.ParseAddr(server.host); err == nil {
			taken[address.Unmap()] = server.key
		}
	}
	for _, service := range []struct{ key, text string }{
		{"backend.loadBalancerIP", c.Backend.LoadBalancerIP}, {"frontend.loadBalancerIP", c.Frontend.LoadBalancerIP},
	} {
		address, err := netip.ParseAddr(service.text)
		if err != nil || address.Zone() != "" {
			p.add("%s %q is not an address: %s", service.key, service.text, example)
			continue
		}
		p.check(pool == nil || pool.Contains(address), "%s %s is outside of metallb.addresses %s", service.key, address, strings.Join(c.MetalLB.Addresses, ", "))
		if prefix, found := c.MetalLB.edgeOf(address); found {
			c.Warnings = append(c.Warnings, fmt.Sprintf("%s %s is the first or last address of metallb.addresses %s: hosts whose network is that prefix can't reach it",
				service.key, address, prefix))
		}
		if other, found := taken[address]; found {
			p.add("%s %s is also %s: give each an address of its own", service.key, address, other)
		}
		taken[address] = service.key
	}
	p.check(c.MetalLB.Manage != ManageInstall || c.MetalLB.Namespace != c.Namespace,
		"metallb.namespace %q is also namespace: MetalLB needs other rights than the tiers; choose another, e.g. metallb-system", c.Namespace)
	c.validateDirect(p)
}

// edgeOf returns the IPv4 prefix of which the address is the network or broadcast address. /31 and /32 have neither.
func (m MetalLB) edgeOf(address netip.Addr) (text string, found bool) {
	for _, text := range m.Addresses {
		prefix, err := netip.ParsePrefix(text)
		if err != nil || !prefix.Addr().Is4() || prefix.Bits() > 30 {
			continue
		}
		if r := netipx.RangeOfPrefix(prefix); address == r.From() || address == r.To() {
			return text, true
		}
	}
	return "", false
}

// validateDirect checks settings that matter only if browsers call the API directly.
func (c *Config) validateDirect(p *problems) {
	if c.Frontend.APIMode != APIModeDirect {
		return
	}
	p.browserPort("backend.port", c.Backend.Port, fmt.Sprintf(", or frontend.apiMode %q", APIModeProxy))
	if c.TLS.Enabled() {
		return // browsers call tls.apiHost, which validateHosts checks
	}
	address, err := netip.ParseAddr(c.Backend.LoadBalancerIP)
	p.check(err != nil || address.Is4(),
		"backend.loadBalancerIP %s and frontend.apiMode %q exclude each other: a Content-Security-Policy can't name an IPv6 address; choose apiMode %q or an IPv4 address",
		c.Backend.LoadBalancerIP, APIModeDirect, APIModeProxy)
}

// badPorts are the ports that browsers block: https://fetch.spec.whatwg.org/#port-blocking
var badPorts = []int{
	1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111,
	113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548,
	554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566,
	6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
}

// browserPort rejects a port that browsers block. The message ends with an alternative, which may be empty.
func (p *problems) browserPort(key string, value int, otherwise string) {
	p.check(!slices.Contains(badPorts, value), "%s %d is one of the ports that browsers refuse to open (https://fetch.spec.whatwg.org/#port-blocking): choose another, e.g. 8080%s",
		key, value, otherwise)
}
