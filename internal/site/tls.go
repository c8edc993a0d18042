package site

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/config"
)

// certificateName is that of the component; its Secrets are called after it.
const certificateName = "site-certificate"

// siteTLS is how the two tiers speak https; the zero value: they speak plain http.
type siteTLS struct {
	site, api *components.TLS
	authority pulumi.StringOutput // PEM; of a private authority
	ends      pulumi.StringInput  // see components.Certificate; nil: nobody knows
	private   bool
}

// newTLS makes the certificate of both tiers, if the site has one.
func newTLS(ctx *pulumi.Context, cfg *config.Config, scope components.Scope, s secrets, opts ...pulumi.ResourceOption) (siteTLS, error) {
	if !cfg.TLS.Enabled() {
		return siteTLS{}, nil
	}
	c, err := components.NewCertificate(ctx, certificateName, components.CertificateArgs{
		Scope: scope, Hosts: cfg.CertifiedHosts(),
		Chain: pulumi.String(cfg.Files.Certificate), Key: s.tlsKey,
		Secret: cfg.TLS.SecretName, Issuer: components.Issuer(cfg.TLS.Issuer), Private: cfg.TLS.Generate,
	}, opts...)
	if err != nil {
		return siteTLS{}, err
	}
	return siteTLS{
		site:      &components.TLS{Host: cfg.TLS.Host, Secret: c.Secret, Key: c.Key, HSTS: cfg.TLS.HSTS},
		api:       &components.TLS{Host: cfg.TLS.APIHost, Secret: c.Secret, Key: c.Key},
		authority: c.Authority, ends: c.Ends, private: cfg.TLS.Generate,
	}, nil
}

// door gives the API https, by the image of the front end; nil: the API speaks plain http.
func (t siteTLS) door(image pulumi.StringInput) *components.Door {
	if t.api == nil {
		return nil
	}
	return &components.Door{TLS: t.api, Image: image}
}

// export tells where browsers get the private authority that they have to trust.
func (t siteTLS) export(ctx *pulumi.Context) {
	if t.private {
		ctx.Export("certificateAuthority", t.authority)
	}
}

// plainPort is where the front end answers plain http, if only to send browsers to https; 0: nowhere.
func plainPort(cfg *config.Config) int {
	if cfg.TLS.Enabled() && !cfg.TLS.Redirect {
		return 0
	}
	return cfg.Frontend.Port
}
