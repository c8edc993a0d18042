package site

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/config"
)

// certificateName is the name of the component and the name prefix of its Secrets.
const certificateName = "site-certificate"

// siteTLS configures HTTPS for both tiers; the zero value: plain HTTP.
type siteTLS struct {
	site, api *components.TLS
	authority pulumi.StringOutput // PEM of the private authority
	issued    string              // name of cert-manager's Certificate; empty: another source
	private   bool
}

// newTLS creates the certificate of both tiers, if TLS is enabled.
func newTLS(ctx *pulumi.Context, cfg *config.Config, scope components.Scope, s secrets, opts ...pulumi.ResourceOption) (siteTLS, error) {
	if !cfg.TLS.Enabled() {
		return siteTLS{}, nil
	}
	c, err := components.NewCertificate(ctx, certificateName, components.CertificateArgs{
		Scope: scope, Hosts: cfg.CertifiedHosts(),
		Chain: pulumi.String(cfg.Files.Certificate), Key: s.tlsKey,
		Secret: cfg.TLS.SecretName, Issuer: components.Issuer{Kind: string(cfg.TLS.Issuer.Kind), Name: cfg.TLS.Issuer.Name}, Private: cfg.TLS.Generate,
	}, opts...)
	if err != nil {
		return siteTLS{}, err
	}
	return siteTLS{
		site:      &components.TLS{Host: cfg.TLS.Host, Secret: c.Secret, Key: c.Key, HSTS: cfg.TLS.HSTS},
		api:       &components.TLS{Host: cfg.TLS.APIHost, Secret: c.Secret, Key: c.Key, HSTS: cfg.TLS.HSTS},
		authority: c.Authority, issued: c.Issued, private: cfg.TLS.Generate,
	}, nil
}

// tlsProxy returns the API's HTTPS sidecar with the front end's image; nil: plain HTTP.
func (t siteTLS) tlsProxy(image pulumi.StringInput) *components.TLSProxy {
	if t.api == nil {
		return nil
	}
	return &components.TLSProxy{TLS: t.api, Image: image}
}

// export exports the private authority that browsers must trust.
func (t siteTLS) export(ctx *pulumi.Context) {
	if t.private {
		ctx.Export("certificateAuthority", t.authority)
	}
}

// plainPort is the front end's plain HTTP port, which may only redirect to HTTPS; 0: closed.
func plainPort(cfg *config.Config) int {
	if cfg.TLS.Enabled() && !cfg.TLS.Redirect {
		return 0
	}
	return cfg.Frontend.Port
}
