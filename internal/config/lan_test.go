package config_test

import (
	"slices"
	"strings"
	"testing"

	"hankki/internal/config"
)

func TestManageOfMetalLB(t *testing.T) {
	for name, row := range map[string]struct {
		manage, install any // nil: unset
		want            config.Manage
		warns           string // in the only warning; empty: no warning
	}{
		"by default":       {nil, nil, config.ManageInstall, ""},
		"install":          {"install", nil, config.ManageInstall, ""},
		"pools":            {"pools", nil, config.ManagePools, ""},
		"none":             {"none", nil, config.ManageNone, ""},
		"install: true":    {nil, true, config.ManageInstall, `metallb.manage "install" in place of install true`},
		"install: false":   {nil, false, config.ManagePools, `metallb.manage "pools" in place of install false`},
		"both, consistent": {"pools", false, config.ManagePools, `metallb.manage "pools" in place of install false`},
	} {
		t.Run(name, func(t *testing.T) {
			s := valid()
			if row.manage != nil {
				s.set("metallb.manage", row.manage)
			}
			if row.install != nil {
				s.set("metallb.install", row.install)
			}
			c := load(t, s)
			if c.MetalLB.Manage != row.want {
				t.Errorf("MetalLB is managed as %q, not %q", c.MetalLB.Manage, row.want)
			}
			warned := row.warns != "" && len(c.Warnings) == 1 && names(c.Warnings[0], "metallb.install is deprecated", row.warns)
			if !warned && (row.warns != "" || len(c.Warnings) > 0) {
				t.Errorf("the warnings are %q, not %q", c.Warnings, row.warns)
			}
		})
	}
}

func TestManageAndInstallMustNotContradict(t *testing.T) {
	for _, row := range []struct {
		manage  string
		install bool
	}{{"none", true}, {"none", false}, {"pools", true}, {"install", false}} {
		lines := errorLines(t, valid().set("metallb.manage", row.manage).set("metallb.install", row.install))
		if len(lines) != 1 || !names(lines[0], "metallb.install", row.manage, "contradict", "remove install") {
			t.Errorf("manage %s and install %t: the errors are %q", row.manage, row.install, lines)
		}
	}
}

// If the addresses come from the cluster's own pools, metallb.addresses is optional, but is checked if it is set.
func TestAddressesAreOptionalWithManageNone(t *testing.T) {
	s := valid().set("metallb.manage", "none")
	delete(s.values["metallb"].(map[string]any), "addresses")
	s.set("backend.loadBalancerIP", "192.168.7.7").set("backend.allowedOrigin", "http://10.0.0.4")
	if lines := errorLines(t, s); len(lines) > 0 {
		t.Errorf("refused: %q", lines)
	}
	lines := errorLines(t, s.set("metallb.addresses", []any{"10.0.0.3-10.0.0.9"}))
	if len(lines) != 1 || !names(lines[0], "backend.loadBalancerIP 192.168.7.7", "outside of metallb.addresses 10.0.0.3-10.0.0.9") {
		t.Errorf("the errors are %q", lines)
	}
}

func TestOverlappingRangesAreNamed(t *testing.T) {
	for name, row := range map[string]struct {
		ranges []any
		pairs  [][]string
	}{
		"one inside of another":   {[]any{"10.0.0.3-10.0.0.254", "10.0.0.100-10.0.0.120"}, [][]string{{"10.0.0.3-10.0.0.254", "10.0.0.100-10.0.0.120"}}},
		"one shared address":      {[]any{"10.0.0.3-10.0.0.9", "10.0.0.9-10.0.0.12"}, [][]string{{"10.0.0.3-10.0.0.9", "10.0.0.9-10.0.0.12"}}},
		"the same twice":          {[]any{"10.0.0.3-10.0.0.9", "10.0.0.3-10.0.0.9"}, [][]string{{"10.0.0.3-10.0.0.9"}}},
		"a prefix and a range":    {[]any{"10.0.0.0/28", "10.0.0.15-10.0.0.20"}, [][]string{{"10.0.0.0/28", "10.0.0.15-10.0.0.20"}}},
		"a prefix with host bits": {[]any{"10.0.0.9/28", "10.0.0.3-10.0.0.4"}, [][]string{{"10.0.0.9/28", "10.0.0.3-10.0.0.4"}}},
		"IPv6":                    {[]any{"10.0.0.3-10.0.0.9", "fd00::/64", "FD00:0::5-fd00::6"}, [][]string{{"fd00::/64", "FD00:0::5-fd00::6"}}},
		"two pairs": {[]any{"10.0.0.3-10.0.0.9", "10.0.0.8-10.0.0.12", "10.0.0.12-10.0.0.13"},
			[][]string{{"10.0.0.3-10.0.0.9", "10.0.0.8-10.0.0.12"}, {"10.0.0.8-10.0.0.12", "10.0.0.12-10.0.0.13"}}},
	} {
		t.Run(name, func(t *testing.T) {
			lines := errorLines(t, valid().set("metallb.addresses", row.ranges))
			if len(lines) != len(row.pairs) {
				t.Errorf("want %d errors, got %q", len(row.pairs), lines)
			}
			for _, pair := range row.pairs {
				if !slices.ContainsFunc(lines, func(line string) bool { return names(line, append(pair, "overlap", "remove or shorten")...) }) {
					t.Errorf("no error names %q: %q", pair, lines)
				}
			}
		})
	}
	if lines := errorLines(t, valid().set("metallb.addresses", []any{"10.0.0.3-10.0.0.9", "10.0.0.10-10.0.0.12", "fd00::/64"})); len(lines) > 0 {
		t.Errorf("neighbours are refused: %q", lines)
	}
}

// MetalLB reports addresses in canonical form.
func TestIPv6AddressesAreNormalized(t *testing.T) {
	c := load(t, valid().set("metallb.addresses", []any{"FD00:0:0::/64", "10.0.0.0/24"}).
		set("frontend.loadBalancerIP", "FD00:0::04").set("backend.loadBalancerIP", "::ffff:10.0.0.3"))
	if c.Frontend.LoadBalancerIP != "fd00::4" || c.Backend.LoadBalancerIP != "10.0.0.3" || c.Backend.AllowedOrigin != "http://[fd00::4]" {
		t.Errorf("the addresses are %s and %s, the origin %s", c.Frontend.LoadBalancerIP, c.Backend.LoadBalancerIP, c.Backend.AllowedOrigin)
	}
	lines := errorLines(t, valid().set("backend.allowedOrigin", "http://[fd00:0::4]"))
	if len(lines) != 1 || !names(lines[0], "backend.allowedOrigin", "http://[fd00:0::4]") {
		t.Errorf("an origin that no browser sends: the errors are %q", lines)
	}
	lines = errorLines(t, valid().set("backend.loadBalancerIP", "fe80::3%eth0"))
	if len(lines) != 1 || !names(lines[0], "backend.loadBalancerIP", "fe80::3%eth0", "not an address") {
		t.Errorf("an address with a zone: the errors are %q", lines)
	}
}

// Addresses of a registry are compared in canonical form: with the Services' addresses, and with the images of images.use.
func TestIPv6AddressOfTheRegistryIsNormalized(t *testing.T) {
	images := map[string]any{}
	for _, image := range config.ImageNames {
		images[image] = "[fd00:0:0::A]:5000/hankki/" + image + "@" + digest
	}
	c := load(t, valid().set("registry.server", "[FD00:0::0A]:5000").set("images.use", images))
	if c.Registry.Server != "[fd00::a]:5000" || c.Registry.Host() != "fd00::a" {
		t.Errorf("the registry is %q at %q", c.Registry.Server, c.Registry.Host())
	}
	for _, server := range []string{"[FD00:0::3]:5000", "[fd00::3]"} {
		lines := errorLines(t, valid().set("metallb.addresses", []any{"fd00::/64", "10.0.0.0/24"}).set("backend.loadBalancerIP", "fd00::3").set("registry.server", server))
		if len(lines) != 1 || !names(lines[0], "backend.loadBalancerIP fd00::3 is also registry.server") {
			t.Errorf("registry.server %s: the errors are %q", server, lines)
		}
	}
}

func TestPortsBlockedByBrowsersAreRejected(t *testing.T) {
	for _, port := range []int{1, 22, 6000, 5060, 5061, 6665, 6669, 10080} {
		for _, mode := range []config.APIMode{config.APIModeDirect, config.APIModeProxy} {
			lines := errorLines(t, valid().set("frontend.apiMode", mode).set("frontend.port", port))
			if len(lines) != 1 || !names(lines[0], "frontend.port", "browsers refuse", "8080") {
				t.Errorf("frontend.port %d with apiMode %s: the errors are %q", port, mode, lines)
			}
		}
		lines := errorLines(t, valid().set("frontend.apiMode", config.APIModeDirect).set("backend.port", port))
		if len(lines) != 1 || !names(lines[0], "backend.port", "browsers refuse", `frontend.apiMode "proxy"`) {
			t.Errorf("backend.port %d, which browsers call: the errors are %q", port, lines)
		}
		if lines := errorLines(t, valid().set("frontend.apiMode", config.APIModeProxy).set("backend.port", port)); len(lines) > 0 {
			t.Errorf("backend.port %d, which Nginx calls: the errors are %q", port, lines)
		}
	}
	for _, port := range []int{80, 443, 5000, 8080, 6670} {
		if lines := errorLines(t, valid().set("frontend.apiMode", config.APIModeDirect).set("frontend.port", port).set("backend.port", port)); len(lines) > 0 {
			t.Errorf("port %d is refused: %q", port, lines)
		}
	}
}

func TestNetworkAndBroadcastAddressesOfAPrefixWarn(t *testing.T) {
	for address, warns := range map[string]bool{"10.0.0.0": true, "10.0.0.15": true, "10.0.0.1": false} {
		t.Run(address, func(t *testing.T) {
			c := load(t, valid().set("metallb.addresses", []any{"10.0.0.0/28"}).set("backend.loadBalancerIP", address))
			if got := strings.Join(c.Warnings, "\n"); names(got, "backend.loadBalancerIP "+address, "10.0.0.0/28") != warns || !warns && got != "" {
				t.Errorf("the warnings are %q", got)
			}
		})
	}
}
