package site

import (
	"os"
	"slices"
	"strings"
	"testing"

	"hankki/components"
)

func TestEveryResourceDescendsFromAComponent(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			e := s.deployed(t)
			known := map[string]registration{}
			for _, r := range e.all("") {
				known[r.urn] = r
			}
			for _, r := range e.all("") {
				if strings.HasPrefix(r.typ, providerPrefix) || strings.HasPrefix(r.typ, componentPrefix) || r.typ == stashType {
					continue
				}
				parent, found := known[r.parent]
				for found && !strings.HasPrefix(parent.typ, componentPrefix) {
					parent, found = known[parent.parent]
				}
				if !found {
					t.Errorf("%s has no component as ancestor (its parent is %s)", r.urn, r.parent)
				}
			}
		})
	}
}

func TestEveryComponentRegisters(t *testing.T) {
	common := []string{
		components.BackendType, components.FrontendType, components.ImageType, components.MetalLBType,
		components.NamespaceType, components.RedisType,
	}
	for stack, more := range map[string][]string{"onprem": nil, "dev": {components.PostgresType}, "onprem, all on": {components.BackupType, components.MetricsServerType, components.MonitoringType},
		"onprem, https": {components.BackupType, components.BlackboxExporterType, components.CertificateType, components.MetricsServerType, components.MonitoringType}} {
		t.Run(stack, func(t *testing.T) {
			var got []string
			for _, r := range variants(t)[stack].deployed(t).all("") {
				if strings.HasPrefix(r.typ, componentPrefix) && !slices.Contains(got, r.typ) {
					got = append(got, r.typ)
				}
			}
			want := append(slices.Clone(common), more...)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s registers the components\n%v, not\n%v", stack, got, want)
			}
		})
	}
}

// A component without a role would be deleted without a warning when the role of its stack changes. Images are children of their
// tiers; the namespace has no object of its own with the role site, and outlives a site with the role all.
func TestEveryComponentHasARole(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			for _, r := range s.deployed(t).all("") {
				if !strings.HasPrefix(r.typ, componentPrefix) || r.typ == components.ImageType || r.typ == components.NamespaceType {
					continue
				}
				if siteParts[r.typ] == "" && platformParts[r.typ] == "" {
					t.Errorf("%s is neither in siteParts nor in platformParts (role.go)", r.typ)
				}
			}
		})
	}
}

// An object without the explicit provider would be created in the cluster that the environment selects.
func TestEveryObjectUsesTheProvider(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			e := s.deployed(t)
			cluster := e.one(t, providerPrefix+"kubernetes", "cluster").urn
			for _, r := range e.all("") {
				if strings.HasPrefix(r.typ, "kubernetes:") && !strings.HasPrefix(r.provider, cluster+"::") {
					t.Errorf("%s uses the provider %q, not the stack's", r.urn, r.provider)
				}
			}
		})
	}
}

// The local kubeconfig is not part of the state, and the program does not change KUBECONFIG.
func TestClusterProvider(t *testing.T) {
	t.Setenv("KUBECONFIG", "home.yaml:shop.yaml")
	for _, c := range []struct {
		s    settings
		want map[string]any
	}{
		{shipped(t, "onprem"), map[string]any{"context": nil, "renderYamlToDirectory": nil, "clusterIdentifier": "onprem", "kubeconfig": nil}},
		{shipped(t, "onprem").set("kubeContext", "kitchen"), map[string]any{"context": "kitchen", "renderYamlToDirectory": nil}},
		{shipped(t, "onprem").set("render.directory", "manifests"), map[string]any{"renderYamlToDirectory": "manifests"}},
	} {
		match(t, c.s.deployed(t).one(t, providerPrefix+"kubernetes", "cluster"), c.want)
	}
	if got := os.Getenv("KUBECONFIG"); got != "home.yaml:shop.yaml" {
		t.Errorf("KUBECONFIG is %q after the run", got)
	}
}

// Pulumi requires a plugin as soon as one of its resources or its provider is registered.
func TestOnlyTheChosenBuilderIsUsed(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			uses := map[string]int{}
			for _, r := range s.deployed(t).all("") {
				for _, plugin := range []string{"docker-build", "docker"} {
					if strings.HasPrefix(r.typ, plugin+":") || r.typ == providerPrefix+plugin {
						uses[plugin]++
					}
				}
			}
			want := map[string]int{"docker": 3}
			switch {
			case strings.Contains(name, "buildkit"):
				want = map[string]int{"docker-build": 4} // three images and the provider
			case strings.Contains(name, "rendered"), strings.Contains(name, "in use"):
				want = map[string]int{}
			}
			if uses["docker"] != want["docker"] || uses["docker-build"] != want["docker-build"] {
				t.Errorf("%s registers %v resources of builders, not %v", name, uses, want)
			}
		})
	}
}

// The objects of a tier are children of the tier and carry its name.
func TestObjectsBelongToTheirTiers(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			for _, r := range s.deployed(t).all("") {
				tier, _, _ := strings.Cut(r.name, "-")
				typ, ours := map[string]string{
					"backend": components.BackendType, "frontend": components.FrontendType, "redis": components.RedisType, "postgres": components.PostgresType, "backup": components.BackupType,
				}[tier]
				if !ours || strings.HasPrefix(r.typ, componentPrefix) || r.typ == stashType {
					continue
				}
				if !strings.Contains(r.parent, typ) || !strings.HasSuffix(r.parent, "::"+tier) {
					t.Errorf("%s has the parent %s", r.urn, r.parent)
				}
			}
		})
	}
}

// Each tier's image is a child of the tier; the other components are siblings.
func TestImagesBelongToTheirTiers(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			for _, r := range s.deployed(t).all("") {
				if !strings.HasPrefix(r.typ, componentPrefix) {
					continue
				}
				tier := strings.Contains(r.parent, componentPrefix)
				if want := r.typ == components.ImageType; tier != want || tier && !strings.HasSuffix(r.parent, "::"+r.name) {
					t.Errorf("%s has the parent %s", r.urn, r.parent)
				}
			}
		})
	}
}
