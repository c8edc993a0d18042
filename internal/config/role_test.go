package config_test

import (
	"slices"
	"strings"
	"testing"

	"hankki/internal/config"
)

// platform is a stack with the role platform and two sites.
func platform() settings {
	return empty().set("role", "platform").set("metallb.addresses", []any{"10.0.0.3-10.0.0.254"}).
		set("sites", []any{map[string]any{"name": "shop"}, map[string]any{"name": "bakery", "namespace": "sweets"}})
}

// site is a stack with the role site.
func site() settings {
	s := valid().set("role", "site").set("namespace", "shop")
	delete(s.values, "metallb")
	return s
}

func TestPlatformNeedsNoKeysOfASite(t *testing.T) {
	c := load(t, platform())
	if want := []config.Site{{Name: "shop", Namespace: "shop"}, {Name: "bakery", Namespace: "sweets"}}; !slices.Equal(c.Sites, want) {
		t.Errorf("the sites are %v, not %v", c.Sites, want)
	}
	if c.HasSite() || !c.HasPlatform() || c.MetalLB.Manage != config.ManageInstall {
		t.Errorf("the platform is %+v", c)
	}
}

func TestSiteUsesThePoolsOfThePlatform(t *testing.T) {
	c := load(t, site())
	if !c.HasSite() || c.HasPlatform() || c.MetalLB.Manage != config.ManageNone || c.Namespace != "shop" {
		t.Errorf("the site is %+v", c)
	}
}

// Pulumi passes the defaults of Pulumi.yaml as if the stack set them.
func TestDefaultsAreNotKeysOfAnotherRole(t *testing.T) {
	for name, s := range map[string]settings{"platform": platform(), "site": site()} {
		t.Run(name, func(t *testing.T) {
			for key, d := range declared(t) {
				if _, given := s.values[key]; !given {
					s.set(key, d.value)
				}
			}
			if lines := errorLines(t, s); len(lines) > 0 {
				t.Errorf("%q", lines)
			}
		})
	}
}

// Each mistake gives one line.
func TestMistakesOfARole(t *testing.T) {
	named := func(pairs ...string) (sites []any) {
		for i := 0; i+1 < len(pairs); i += 2 {
			sites = append(sites, map[string]any{"name": pairs[i], "namespace": pairs[i+1]})
		}
		return sites
	}
	for name, row := range map[string]struct {
		s        settings
		messages []string
	}{
		"unknown role":               {valid().set("role", "both"), []string{`role "both"`, "all, platform, site"}},
		"sites without platform":     {valid().set("sites", named("shop", "shop")), []string{`role "all" does not use sites`, `"platform"`}},
		"keys of the platform":       {site().set("metallb.addresses", []any{"nonsense"}).set("metricsServer.install", true).set("sites", named("A", "A")), []string{`role "site" does not use metallb, metricsServer, sites`, "platform's stack"}},
		"keys of a site":             {platform().set("backend.replicas", 0).set("namespace", "shop").set("registry.username", "cook").encrypt("signingKey", "short"), []string{`role "platform" does not use namespace, registry, backend, signingKey`, `role "site"`}},
		"a name twice":               {platform().set("sites", named("shop", "a", "shop", "b")), []string{`sites[1].name "shop"`, "sites[0].name"}},
		"a namespace twice":          {platform().set("sites", named("a", "shop", "b", "shop")), []string{`sites[1].namespace "shop"`, "sites[0]"}},
		"an invalid name":            {platform().set("sites", named("Shop", "shop")), []string{`sites[0].name "Shop"`, "lower-case"}},
		"an invalid namespace":       {platform().set("sites", named("shop", "Shop")), []string{`sites[0].namespace "Shop"`, "lower-case"}},
		"a namespace of Kubernetes":  {platform().set("sites", named("shop", "kube-system")), []string{`sites[0].namespace "kube-system"`, "choose another"}},
		"the default namespace":      {platform().set("sites", named("shop", "default")), []string{`sites[0].namespace "default"`, "choose another"}},
		"the namespace of MetalLB":   {platform().set("sites", named("shop", "metallb-system")), []string{`sites[0].namespace "metallb-system"`, "metallb.namespace"}},
		"an unknown key of a site":   {platform().set("sites", []any{map[string]any{"name": "shop", "Namespace": "x"}}), []string{"sites[0].Namespace is unknown", "write sites[0].namespace"}},
		"a site that is no object":   {platform().set("sites", []any{"shop"}), []string{"sites[0]", `"shop"`, "object"}},
		"an address that is invalid": {site().set("backend.loadBalancerIP", "ten"), []string{`backend.loadBalancerIP "ten"`}},
	} {
		t.Run(name, func(t *testing.T) {
			lines := errorLines(t, row.s)
			if row.messages[0] == "sites[0]" { // a value of the wrong type leaves its key unset, which is another mistake
				lines = lines[:min(1, len(lines))]
			}
			if len(lines) != 1 || !names(lines[0], row.messages...) {
				t.Errorf("want one line with %q, got\n%s", row.messages, strings.Join(lines, "\n"))
			}
		})
	}
}

// A key that no role lists would be accepted, and ignored, in the other role.
func TestEveryKeyHasARole(t *testing.T) {
	want := slices.Sorted(slices.Values(append(slices.Clone(config.KeysOfOneRole), "role", "kubeContext", "render")))
	if got := sorted(declared(t)); !slices.Equal(got, want) {
		t.Errorf("Pulumi.yaml declares %v,\nbut the roles use %v", got, want)
	}
}
