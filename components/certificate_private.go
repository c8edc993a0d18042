package components

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/certificate"
)

// privateCertificate is signed by a private authority in the state.
type privateCertificate struct{ authority, chain, key pulumi.StringOutput }

// newPrivateCertificate creates an authority once and a certificate for the hosts. The certificate is replaced when the
// hosts change and by the first up of each half year. On the first day of a half year the previous one is valid for at least 212 days.
func newPrivateCertificate(ctx *pulumi.Context, name string, hosts []string, opts ...pulumi.ResourceOption) (privateCertificate, error) {
	now := time.Now()
	made, err := certificate.NewAuthority(fmt.Sprintf("%s %s, private authority", partOf, ctx.Stack()), now)
	if err != nil {
		return privateCertificate{}, err
	}
	authority, err := keepFirst(ctx, name+"-authority", pulumi.String(made.Chain+made.Key), opts...)
	if err != nil {
		return privateCertificate{}, err
	}
	signed := authority.ApplyT(func(text string) (string, error) {
		if warning := certificate.Split(text).ExpiryWarning(now); warning != "" {
			if err := ctx.Log.Warn("tls.generate: "+warning+": set another source of the certificate and run `pulumi up`, then set tls.generate again; browsers must trust the new authority", nil); err != nil {
				return "", fmt.Errorf("warning: %w", err)
			}
		}
		leaf, err := certificate.Split(text).Issue(hosts, now)
		return leaf.Chain + leaf.Key, err
	}).(pulumi.StringOutput)
	leaf, err := keepFirst(ctx, name+"-"+generation(hosts, now), signed, opts...)
	if err != nil {
		return privateCertificate{}, err
	}
	chain := func(text string) string { return certificate.Split(text).Chain }
	return privateCertificate{
		// Certificates are public
		authority: pulumi.Unsecret(authority.ApplyT(chain)).(pulumi.StringOutput),
		chain:     pulumi.Unsecret(leaf.ApplyT(chain)).(pulumi.StringOutput),
		key:       leaf.ApplyT(func(text string) string { return certificate.Split(text).Key }).(pulumi.StringOutput),
	}, nil
}

// generation identifies a certificate. It changes with the hosts and with each half year.
func generation(hosts []string, now time.Time) string {
	half := 1 + (int(now.UTC().Month())-1)/6
	return fmt.Sprintf("%d-%d-%x", now.UTC().Year(), half, sha256.Sum256([]byte(strings.Join(hosts, " "))))[:15]
}
