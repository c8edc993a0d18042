package config

import (
	"net/netip"
	"strings"

	"hankki/internal/metallb"
)

// TLS makes the site serve HTTPS at port 443. Its certificate has one of four sources. Without a source, the site serves
// plain HTTP.
type TLS struct {
	Host       string `mapstructure:"host"`       // name or address at which browsers open the site; default: the front end's address
	APIHost    string `mapstructure:"apiHost"`    // name or address of the API at backend.port; default: the API's address
	CertFile   string `mapstructure:"certFile"`   // PEM chain, leaf certificate first; its key is the secret tlsKey
	SecretName string `mapstructure:"secretName"` // externally managed kubernetes.io/tls Secret in the namespace
	Issuer     Issuer `mapstructure:"issuer"`     // cert-manager issuer
	Generate   bool   `mapstructure:"generate"`   // by a private authority, generated once and kept in the state
	Redirect   bool   `mapstructure:"redirect"`   // frontend.port redirects with 308; false: it is closed
	HSTS       int    `mapstructure:"hsts"`       // max-age in seconds; 0: no Strict-Transport-Security header
}

// Issuer is the name of a cert-manager issuer.
type Issuer struct {
	Kind IssuerKind `mapstructure:"kind"` // Issuer (in the namespace) or ClusterIssuer
	Name string     `mapstructure:"name"` // empty: no issuer
}

// IssuerKind is the kind of a cert-manager issuer.
type IssuerKind string

// Kinds of cert-manager issuers.
const (
	IssuerOfNamespace IssuerKind = "Issuer"
	IssuerOfCluster   IssuerKind = "ClusterIssuer"
)

// HTTPSPort is the default port of HTTPS.
const HTTPSPort = 443

// maxHSTS is two years in seconds, the recommended max-age for HSTS preloading.
const maxHSTS = 63072000

// Enabled returns whether the site serves HTTPS.
func (t TLS) Enabled() bool { return len(t.sources()) > 0 }

// sources returns the keys of the sources that are set.
func (t TLS) sources() (given []string) {
	for _, source := range []struct {
		key string
		is  bool
	}{
		{"tls.certFile", t.CertFile != ""}, {"tls.secretName", t.SecretName != ""}, {"tls.issuer", t.Issuer.Name != ""}, {"tls.generate", t.Generate},
	} {
		if source.is {
			given = append(given, source.key)
		}
	}
	return given
}

// deriveTLS sets the default hosts.
func (c *Config) deriveTLS() {
	if !c.TLS.Enabled() {
		return
	}
	for _, host := range []struct {
		name    *string
		address string
	}{{&c.TLS.Host, c.Frontend.LoadBalancerIP}, {&c.TLS.APIHost, c.Backend.LoadBalancerIP}} {
		if *host.name == "" {
			*host.name = host.address
		}
		*host.name = metallb.Canonical(*host.name)
	}
}

// Hosts returns the names and addresses at which browsers open the site. The certificate must contain them.
func (c *Config) Hosts() []string {
	if c.Frontend.APIMode == APIModeDirect {
		return c.CertifiedHosts()
	}
	return []string{c.TLS.Host}
}

// CertifiedHosts returns the names and addresses of an issued certificate: both tiers', because the API serves HTTPS at
// its own address in each apiMode. In proxy mode an issuer is not requested to certify the API's address, unless it is a name:
// public issuers refuse addresses of a LAN, and browsers don't open it.
func (c *Config) CertifiedHosts() []string {
	_, err := netip.ParseAddr(c.TLS.APIHost)
	unused := err == nil && c.TLS.Issuer.Name != "" && c.Frontend.APIMode == APIModeProxy
	if c.TLS.APIHost == c.TLS.Host || unused {
		return []string{c.TLS.Host}
	}
	return []string{c.TLS.Host, c.TLS.APIHost}
}

// origin returns the origin of the page, as a browser sends it; empty if its host is invalid.
func (c *Config) origin() string {
	if c.TLS.Enabled() {
		if !isHost(c.TLS.Host) {
			return ""
		}
		return "https://" + bracket(c.TLS.Host)
	}
	if _, err := netip.ParseAddr(c.Frontend.LoadBalancerIP); err != nil {
		return ""
	}
	return httpURL(c.Frontend.LoadBalancerIP, c.Frontend.Port)
}

func (c *Config) validateTLS(p *problems) {
	t := c.TLS
	sources := t.sources()
	if t.Issuer.Kind != "" && t.Issuer.Name == "" {
		p.add("tls.issuer.name is missing: name the %s", t.Issuer.Kind)
	}
	if len(sources) == 0 {
		if t.Host != "" || t.APIHost != "" || !t.Redirect || t.HSTS != 0 {
			p.add("tls has no certificate: set one of tls.certFile, tls.secretName, tls.issuer and tls.generate, or remove tls")
		}
		return
	}
	p.check(len(sources) == 1, "%s exclude each other: the certificate comes from one of them", strings.Join(sources, " and "))
	t.validateSource(p)
	c.validateHosts(p)
	p.check(t.HSTS >= 0 && t.HSTS <= maxHSTS, "tls.hsts %d is out of range: 0 to %d seconds", t.HSTS, maxHSTS)
	p.check(t.HSTS == 0 || !t.Redirect || c.Frontend.Port == 80,
		"tls.hsts %d and frontend.port %d exclude each other: browsers then request https at that port, which serves plain http; set frontend.port 80, tls.redirect false or hsts 0", t.HSTS, c.Frontend.Port)
	p.check(c.Frontend.Port != HTTPSPort, "frontend.port %d is the port of https: choose another port for plain http, e.g. 80", c.Frontend.Port)
	p.check(!strings.HasPrefix(c.Backend.AllowedOrigin, "http://"),
		"backend.allowedOrigin %q is plain http, and with tls the page is at %s: remove backend.allowedOrigin", c.Backend.AllowedOrigin, c.origin())
}

func (t TLS) validateSource(p *problems) {
	p.check(t.SecretName == "" || isName(t.SecretName), "tls.secretName %q is not a valid name: see `kubectl get secret`", t.SecretName)
	if t.Issuer.Name != "" {
		p.check(isName(t.Issuer.Name), "tls.issuer.name %q is not a valid name: see `kubectl get clusterissuer`", t.Issuer.Name)
		oneOf(p, "tls.issuer.kind", t.Issuer.Kind, IssuerOfNamespace, IssuerOfCluster)
	}
}

func (c *Config) validateHosts(p *problems) {
	t := c.TLS
	p.host("tls.host", t.Host)
	p.host("tls.apiHost", t.APIHost)
	if c.Frontend.APIMode == APIModeDirect {
		_, err := netip.ParseAddr(t.APIHost)
		p.check(err != nil || !strings.Contains(t.APIHost, ":"), "tls.apiHost %q and frontend.apiMode %q exclude each other: a Content-Security-Policy can't name an IPv6 address; choose a name", t.APIHost, APIModeDirect)
	}
	if _, err := netip.ParseAddr(t.Host); err == nil && t.HSTS > 0 {
		p.add("tls.hsts %d has no effect at the address %s, for browsers remember names only: set tls.host to a name, or hsts 0", t.HSTS, t.Host)
	}
}

// host rejects hosts that no certificate can contain and no browser opens. An empty host follows from an invalid address,
// which is reported itself.
func (p *problems) host(key, value string) {
	p.check(value == "" || isHost(value), "%s %q is not a host name or address: write it in lower case, without scheme, port, path and zone, e.g. hankki.example.com", key, value)
}

func isHost(text string) bool {
	if address, err := netip.ParseAddr(text); err == nil {
		return address.Zone() == ""
	}
	return isName(text) && !isFalseAddress(text)
}
