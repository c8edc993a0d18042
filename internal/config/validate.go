package config

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	"go4.org/netipx"
	"k8s.io/apimachinery/pkg/util/validation"
)

var (
	hostName = regexp.MustCompile(`^[A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?$`)
	platform = regexp.MustCompile(`^[a-z0-9]+/[a-z0-9]+(/[a-z0-9]+)?$`)
)

// minSigningKey is RFC 7518's minimum for HMAC with SHA-256. The RFC counts bytes, this constant characters, and a
// character has at least one byte.
const minSigningKey = 32

// problems collects errors.
type problems []error

func (p *problems) add(format string, args ...any) { *p = append(*p, fmt.Errorf(format, args...)) }

// check adds an error unless ok.
func (p *problems) check(ok bool, format string, args ...any) {
	if !ok {
		p.add(format, args...)
	}
}

// oneOf adds an error unless the value is one of the known values.
func oneOf[T ~string](p *problems, key string, value T, known ...T) {
	var names []string
	for _, name := range known {
		names = append(names, string(name))
	}
	p.check(slices.Contains(known, value), "%s %q is unknown: choose one of %s", key, value, strings.Join(names, ", "))
}

func (p *problems) port(key string, value int) {
	p.check(value >= 1 && value <= 65535, "%s %d is out of range: a port is 1 to 65535", key, value)
}

func (p *problems) replicas(key string, value int) {
	p.check(value >= 1, "%s %d is too few: at least 1 is needed", key, value)
}

// url accepts an empty value or a URL that a browser opens.
func (p *problems) url(key, value string) {
	u, err := url.Parse(value)
	p.check(value == "" || err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "", "%s %q is not a URL: write http://host or https://host", key, value)
}

// validate checks each part, then the parts against each other.
func (c *Config) validate() []error {
	var p problems
	oneOf(&p, "role", c.Role, RoleAll, RolePlatform, RoleSite)
	pool := c.MetalLB.validate(&p)
	if c.MetricsServer.Install {
		c.MetricsServer.Chart.validate(&p, "metricsServer.chart")
	}
	c.validateSites(&p)
	if c.HasSite() {
		c.validateSite(&p, pool)
	}
	return p
}

// validateSite checks the parts of a site.
func (c *Config) validateSite(p *problems, pool *netipx.IPSet) {
	p.check(isLabel(c.Namespace), "namespace %q is not a valid name: use lower-case letters, digits and -", c.Namespace)
	p.check(c.RolloutTimeout >= 30 && c.RolloutTimeout <= 3600, "rolloutTimeout %d is out of range: 30 to 3600 seconds", c.RolloutTimeout)
	c.Registry.validate(p)
	c.Images.validate(p)
	c.validateUse(p)
	c.BaseImages.validate(p)
	c.Redis.validate(p)
	c.Database.validate(p)
	c.Backup.validate(p)
	c.Backend.validate(p)
	c.Frontend.validate(p)
	c.validateTLS(p)
	c.Monitoring.validate(p)
	c.Secrets.validate(p)
	c.validateReferences(p)
	c.validateAddresses(p, pool)
}

func (r Registry) validate(p *problems) {
	if r.Server == "" {
		p.add("registry.server is missing: name the registry that images are pushed to, e.g. registry.example.com:5000")
	} else {
		p.check(isServer(r.Server), "registry.server %q is not host[:port]: remove scheme and path, and write an IPv6 address in brackets", r.Server)
		p.check(r.Server == "localhost" || strings.ContainsAny(r.Server, ".:"),
			"registry.server %q has neither dot nor port, so Docker takes it for a path on Docker Hub: name its domain or port", r.Server)
	}
	p.check(r.Prefix == "" || isRepository(r.Prefix), "registry.prefix %q is not a repository path: use lower-case letters, digits and / . _ -", r.Prefix)
	p.check(!r.Insecure || r.CAFile == "", "registry.insecure and registry.caFile %q exclude each other: plain http has no certificate", r.CAFile)
}

// endsInPort returns whether the text after the colon, if there is one, may be a port.
func endsInPort(server string) bool {
	_, port, found := strings.Cut(server, ":")
	n, err := strconv.ParseUint(port, 10, 16)
	return !found || err == nil && n > 0
}

func (i Images) validate(p *problems) {
	p.check(platform.MatchString(i.Platform), "images.platform %q is not os/arch: e.g. linux/amd64", i.Platform)
	oneOf(p, "images.builder", i.Builder, BuilderDocker, BuilderBuildKit)
	p.check(i.Builder != BuilderBuildKit || i.Instance != "", "images.instance is missing: name the buildx instance of the BuildKit daemon")
	p.check(i.Builder != BuilderDocker || i.CAFile == "", "images.caFile %q needs images.builder buildkit: the docker builder has no build secrets", i.CAFile)
}

func (b BaseImages) validate(p *problems) {
	for _, image := range b.all() {
		reference, err := name.ParseReference(*image.reference, name.WithDefaultTag(""))
		p.check(err == nil, "baseImages.%s %q is not an image: write it like docker.io/library/python:3.11.11", image.key, *image.reference)
		p.check(err != nil || reference.Identifier() != "", "baseImages.%s %q has neither tag nor digest: pin it", image.key, *image.reference)
	}
}

func (c Chart) validate(p *problems, key string) {
	p.check(c.Path != "" || c.Repository != "" && c.Version != "", "%s has repository %q and version %q: give both, or a path", key, c.Repository, c.Version)
}

// isLabel reports whether the value names a namespace or another object whose name is a DNS label.
func isLabel(value string) bool { return len(validation.IsDNS1123Label(value)) == 0 }

// isName reports whether the value names an object whose name is a DNS subdomain, as most objects' names are.
func isName(value string) bool { return len(validation.IsDNS1123Subdomain(value)) == 0 }

// isRepository reports whether the value is a repository's path in a registry.
func isRepository(value string) bool {
	_, err := name.NewRepository("registry.example.com/"+value, name.StrictValidation)
	return err == nil
}

// httpURL returns the origin of a Service, without the default port; empty if the host is.
func httpURL(host string, port int) string {
	switch {
	case host == "":
		return ""
	case port == 80:
		return "http://" + bracket(host)
	default:
		return "http://" + net.JoinHostPort(host, strconv.Itoa(port))
	}
}

func bracket(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}
