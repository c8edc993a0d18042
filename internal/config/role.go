package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Role is the part of the deployment that a stack manages.
type Role string

// Values of role.
const (
	RoleAll      Role = "all"      // the platform and one site
	RolePlatform Role = "platform" // MetalLB, metrics-server, and the namespace and deployer of each of Sites
	RoleSite     Role = "site"     // one site, in a namespace of the platform's stack; no cluster-scoped object
)

// Site is a site that another stack deploys. The platform's stack creates its namespace and its deployer.
type Site struct {
	Name      string `mapstructure:"name"`      // key of the deployer's kubeconfig in the output kubeconfigs
	Namespace string `mapstructure:"namespace"` // default: Name
}

// HasPlatform reports whether the stack manages the platform.
func (c *Config) HasPlatform() bool { return c.Role != RoleSite }

// HasSite reports whether the stack deploys a site.
func (c *Config) HasSite() bool { return c.Role != RolePlatform }

// Keys that only one role uses. Secrets are keys of the site too.
var (
	platformKeys = []string{"metallb", "metricsServer", sitesKey}
	siteKeys     = []string{
		"namespace", "generateSecrets", "rolloutTimeout", "registry", "images", "baseImages", "redis", "database", "backup",
		"backend", "frontend", "tls", "monitoring", referencesKey,
	}
)

// sitesKey is the key of Sites, which only the role platform uses.
const sitesKey = "sites"

// checkRole reports the keys that have no effect in the stack's role, and restores their defaults, so that their content
// is not reported too.
func (l *loader) checkRole(c *Config) {
	fresh := defaults()
	var unused []string
	var instead string
	switch c.Role {
	case RoleAll:
		unused, instead = []string{sitesKey}, fmt.Sprintf("set role %q, or remove it", RolePlatform)
		c.Sites = nil
	case RoleSite:
		unused, instead = platformKeys, "configure MetalLB, metrics-server and the sites in the platform's stack, and remove them here"
		c.MetalLB, c.MetricsServer, c.Sites = fresh.MetalLB, fresh.MetricsServer, nil
		c.MetalLB.Manage = ManageNone
	case RolePlatform:
		unused, instead = slices.Concat(siteKeys, secretNames()), fmt.Sprintf("configure the site in a stack with role %q, and remove it here", RoleSite)
		fresh.Role, fresh.KubeContext, fresh.MetalLB, fresh.MetricsServer, fresh.Sites, fresh.Render = c.Role, c.KubeContext, c.MetalLB, c.MetricsServer, c.Sites, c.Render
		*c = *fresh
	}
	unused = slices.DeleteFunc(slices.Clone(unused), func(key string) bool { return !l.given[key] })
	if len(unused) > 0 {
		l.add("role %q does not use %s: %s", c.Role, strings.Join(unused, ", "), instead)
	}
}

// secretNames are the keys of Secrets.
func secretNames() (names []string) {
	for field := range reflect.TypeFor[Secrets]().Fields() {
		names = append(names, field.Tag.Get("mapstructure"))
	}
	return names
}

// deriveSites sets the default namespaces.
func (c *Config) deriveSites() {
	for i := range c.Sites {
		if c.Sites[i].Namespace == "" {
			c.Sites[i].Namespace = c.Sites[i].Name
		}
	}
}

// validateSites rejects names and namespaces that are invalid or used twice.
func (c *Config) validateSites(p *problems) {
	names, namespaces := map[string]int{}, map[string]int{}
	for i, s := range c.Sites {
		key := fmt.Sprintf("%s[%d]", sitesKey, i)
		p.check(isLabel(s.Name), "%s.name %q is not a valid name: use lower-case letters, digits and -", key, s.Name)
		if first, found := names[s.Name]; found {
			p.add("%s.name %q is also %s[%d].name: give each site a name of its own", key, s.Name, sitesKey, first)
		}
		if first, found := namespaces[s.Namespace]; found {
			p.add("%s.namespace %q is also the namespace of %s[%d]: give each site a namespace of its own", key, s.Namespace, sitesKey, first)
		}
		if s.Namespace != s.Name {
			p.check(isLabel(s.Namespace), "%s.namespace %q is not a valid name: use lower-case letters, digits and -", key, s.Namespace)
		}
		p.check(s.Namespace != metav1.NamespaceDefault && !strings.HasPrefix(s.Namespace, "kube-"), "%s.namespace %q belongs to Kubernetes: choose another", key, s.Namespace)
		p.check(s.Namespace != c.MetalLB.Namespace, "%s.namespace %q is also metallb.namespace: MetalLB needs other rights than a site; choose another", key, s.Namespace)
		if _, found := names[s.Name]; !found {
			names[s.Name] = i
		}
		if _, found := namespaces[s.Namespace]; !found {
			namespaces[s.Namespace] = i
		}
	}
}
