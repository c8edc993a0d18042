package components

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/certificate"
)

// privateCertificate is one that a private authority in the state has signed.
type privateCertificate struct{ authority, chain, key pulumi.StringOutput }

// newPrivateCertificate makes an authority once, and has it sign a certificate for the hosts: another one for other hosts, and
// each half year, so that one is good for 213 days at least after the last up of its half year.
func newPrivateCertificate(ctx *pulumi.Context, name string, hosts []string, opts ...pulumi.ResourceOption) (privateCertificate, error) {
	now := time.Now()
	made, err := certificate.NewAuthority(fmt.Sprintf("%s %s, private authority", partOf, ctx.Stack()), now)
	if err != nil {
		return privateCertificate{}, err
	}
	authority, err := keepPair(ctx, name+"-authority", pulumi.ToOutput(pairMap(made)), opts...)
	if err != nil {
		return privateCertificate{}, err
	}
	signed := authority.ApplyT(func(a certificate.Pair) (pulumi.Map, error) {
		leaf, err := a.Issue(hosts, now)
		return pairMap(leaf), err
	})
	leaf, err := keepPair(ctx, name+"-"+generation(hosts, now), signed, opts...)
	if err != nil {
		return privateCertificate{}, err
	}
	part := func(pair pulumi.Output, of func(certificate.Pair) string) pulumi.StringOutput {
		return pair.ApplyT(of).(pulumi.StringOutput)
	}
	chain := func(p certificate.Pair) string { return p.Chain }
	return privateCertificate{
		// Certificates are public.
		authority: pulumi.Unsecret(part(authority, chain)).(pulumi.StringOutput),
		chain:     pulumi.Unsecret(part(leaf, chain)).(pulumi.StringOutput),
		key:       part(leaf, func(p certificate.Pair) string { return p.Key }),
	}, nil
}

// generation names a certificate: for other hosts, and in another half year, it is another one.
func generation(hosts []string, now time.Time) string {
	half := 1 + (int(now.UTC().Month())-1)/6
	return fmt.Sprintf("%d-%d-%x", now.UTC().Year(), half, sha256.Sum256([]byte(strings.Join(hosts, " "))))[:15]
}

// keepPair keeps the first pair that it is given, as NewGeneratedSecret does.
func keepPair(ctx *pulumi.Context, name string, pair pulumi.Input, opts ...pulumi.ResourceOption) (pulumi.Output, error) {
	stash, err := pulumi.NewStash(ctx, name, &pulumi.StashArgs{Input: pulumi.ToSecret(pair)}, append(opts, pulumi.IgnoreChanges([]string{"input"}))...)
	if err != nil {
		return nil, fmt.Errorf("secret %q: %w", name, err)
	}
	return stash.Output.ApplyT(func(v any) (certificate.Pair, error) {
		fields, _ := v.(map[string]any)
		chain, hasChain := fields[tlsChain].(string)
		key, hasKey := fields[tlsKey].(string)
		if !hasChain || !hasKey {
			return certificate.Pair{}, fmt.Errorf("secret %q: the state holds %T instead of a certificate and its key", name, v)
		}
		return certificate.Pair{Chain: chain, Key: key}, nil
	}), nil
}

func pairMap(p certificate.Pair) pulumi.Map {
	return pulumi.Map{tlsChain: pulumi.String(p.Chain), tlsKey: pulumi.String(p.Key)}
}
