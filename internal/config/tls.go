package config

import (
	"net/netip"
	"strings"

	"hankki/internal/metallb"
)

// TLS has the site served over https, at port 443. Its certificate comes from one of four sources; without any, the site is
// served over plain http.
type TLS struct {
	Host       string `mapstructure:"host"`       // name or address at which browsers open the site; default: the front end's address
	APIHost    string `mapstructure:"apiHost"`    // name or address of the API at backend.port; default: the API's address
	CertFile   string `mapstructure:"certFile"`   // PEM chain, the site's certificate first; its key is the secret tlsKey
	SecretName string `mapstructure:"secretName"` // kubernetes.io/tls Secret in the namespace, which others keep
	Issuer     Issuer `mapstructure:"issuer"`     // of cert-manager
	Generate   bool   `mapstructure:"generate"`   // by a private authority that is made once and kept in the state
	Redirect   bool   `mapstructure:"redirect"`   // frontend.port answers 308; false: it is closed
	HSTS       int    `mapstructure:"hsts"`       // seconds for which browsers refuse plain http at the host; 0: not said
}

// Issuer names an issuer of cert-manager.
type Issuer struct {
	Kind string `mapstructure:"kind"` // Issuer, of the namespace, or ClusterIssuer
	Name string `mapstructure:"name"` // empty: there is none
}

// Kinds of cert-manager's issuers.
const (
	IssuerOfNamespace = "Issuer"
	IssuerOfCluster   = "ClusterIssuer"
)

// HTTPSPort is where browsers look for https.
const HTTPSPort = 443

// maxHSTS is two years in seconds, which is what lists of preloaded hosts ask for.
const maxHSTS = 63072000

// Enabled tells whether the site is served over https.
func (t TLS) Enabled() bool { return len(t.sources()) > 0 }

// sources are the keys of those sources that are given.
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

// deriveTLS fills in the hosts.
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

// Hosts are the names and addresses at which browsers open the site, which the certificate has to name.
func (c *Config) Hosts() []string {
	if c.Frontend.APIMode == APIModeDirect {
		return c.CertifiedHosts()
	}
	return []string{c.TLS.Host}
}

// CertifiedHosts are the names and addresses that a certificate is asked for: both tiers', for the API speaks https at its own
// address in each apiMode.
func (c *Config) CertifiedHosts() []string {
	if c.TLS.APIHost == c.TLS.Host {
		return []string{c.TLS.Host}
	}
	return []string{c.TLS.Host, c.TLS.APIHost}
}

// origin is that of the page, as a browser sends it; empty: its host is none.
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
		if t.Host != "" || t.APIHost != "" || t.HSTS != 0 {
			p.add("tls has no certificate: set one of tls.certFile, tls.secretName, tls.issuer and tls.generate, or remove tls")
		}
		return
	}
	p.check(len(sources) == 1, "%s exclude each other: the certificate comes from one of them", strings.Join(sources, " and "))
	t.validateSource(p)
	c.validateHosts(p)
	p.check(t.HSTS >= 0 && t.HSTS <= maxHSTS, "tls.hsts %d is out of range: 0 to %d seconds", t.HSTS, maxHSTS)
	p.check(c.Frontend.Port != HTTPSPort, "frontend.port %d is that of https: it is where plain http is answered; choose another, e.g. 80", c.Frontend.Port)
	p.check(!strings.HasPrefix(c.Backend.AllowedOrigin, "http://"),
		"backend.allowedOrigin %q is plain http, and with tls the page is at %s: remove backend.allowedOrigin", c.Backend.AllowedOrigin, c.origin())
}

func (t TLS) validateSource(p *problems) {
	p.check(t.SecretName == "" || isName(t.SecretName), "tls.secretName %q is not a valid name: see `kubectl get secret`", t.SecretName)
	if t.Issuer.Name != "" {
		p.check(isName(t.Issuer.Name), "tls.issuer.name %q is not a valid name: see `kubectl get clusterissuer`", t.Issuer.Name)
		p.oneOf("tls.issuer.kind", t.Issuer.Kind, IssuerOfNamespace, IssuerOfCluster)
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

// host refuses what no certificate can name and no browser opens. An empty one follows from an address that is wrong itself.
func (p *problems) host(key, value string) {
	p.check(value == "" || isHost(value), "%s %q is not a host name or address: write it in lower case, without scheme, port, path and zone, e.g. hankki.example.com", key, value)
}

func isHost(text string) bool {
	if address, err := netip.ParseAddr(text); err == nil {
		return address.Zone() == ""
	}
	return isName(text)
}
