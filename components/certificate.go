package components

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/certificate"
)

// CertificateType is the resource type of Certificate.
const CertificateType = "hankki:components:Certificate"

// certManagerAPI is the API version of cert-manager's certificates.
const certManagerAPI = "cert-manager.io/v1"

// CertificateArgs are the inputs of a Certificate. One of Chain, Secret, Issuer and Private says where it comes from.
type CertificateArgs struct {
	Scope   Scope
	Hosts   []string           // names and addresses that an issued one names; the first is the site's
	Chain   pulumi.StringInput // PEM, with Key; nil: another source
	Key     Secret             // PEM
	Secret  string             // name of a kubernetes.io/tls Secret that others keep
	Issuer  Issuer
	Private bool // by a private authority in the state
}

// Issuer is one of cert-manager's; without a Name there is none.
type Issuer struct{ Kind, Name string }

// Certificate is the Secret of the kind kubernetes.io/tls that Nginx serves https by. Unlike the tiers' own Secrets it keeps its
// name when its content changes: Nginx loads it in the pods that are there.
type Certificate struct {
	pulumi.ResourceState
	Secret    pulumi.StringOutput // its name
	Key       Kept                // where others keep the key apart; the zero value: it is in Secret
	Authority pulumi.StringOutput // PEM; of Private, else not set
	// Ends is an expression of Prometheus' for the second in which it ends; nil where others keep the Secret.
	Ends pulumi.StringInput
}

// NewCertificate makes the Secret, or has cert-manager make it, or only names it.
func NewCertificate(ctx *pulumi.Context, name string, args CertificateArgs, opts ...pulumi.ResourceOption) (_ *Certificate, err error) {
	defer named(&err, "certificate", name)
	c := &Certificate{}
	if err := ctx.RegisterComponentResource(CertificateType, name, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)

	switch {
	case args.Secret != "":
		c.Secret = pulumi.String(args.Secret).ToStringOutput()
	case args.Issuer.Name != "":
		c.Secret, err = args.issue(ctx, name, child)
		c.Ends = args.expiration(name + issuedSuffix)
	case args.Private:
		var private privateCertificate
		if private, err = newPrivateCertificate(ctx, name, args.Hosts, child); err == nil {
			c.Authority, c.Ends = private.authority, endOf(private.chain)
			c.Secret, err = args.secret(ctx, name+"-private", private.chain, private.key, child)
		}
	case args.Key.kept():
		c.Ends, c.Key = endOf(args.Chain), args.Key.Kept
		c.Secret, err = args.write(ctx, name+"-chain", "Opaque", pulumi.StringMap{tlsChain: args.Chain}, child)
	default:
		c.Ends = endOf(args.Chain)
		c.Secret, err = args.secret(ctx, name+"-file", args.Chain, args.Key.Own, child)
	}
	if err != nil {
		return nil, err
	}
	if err := ctx.RegisterResourceOutputs(c, pulumi.Map{"secret": c.Secret}); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return c, nil
}

// secret holds a certificate of the stack's own. Each source has a name of its own: when one takes another's place, the Secret of
// the former is deleted after the pods have left it.
func (a CertificateArgs) secret(ctx *pulumi.Context, name string, chain, key pulumi.StringInput, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	return a.write(ctx, name, "kubernetes.io/tls", pulumi.StringMap{tlsChain: chain, tlsKey: key}, opts...)
}

func (a CertificateArgs) write(ctx *pulumi.Context, name, typ string, data pulumi.StringMap, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	s, err := corev1.NewSecret(ctx, name, &corev1.SecretArgs{
		Metadata:   metav1.ObjectMetaArgs{Name: pulumi.String(name), Namespace: a.Scope.Namespace, Labels: labels("tls")},
		Type:       pulumi.String(typ),
		StringData: data,
	}, opts...)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("secret %q: %w", name, err)
	}
	return s.Metadata.Name().Elem(), nil
}

// Keys of a Secret of the kind kubernetes.io/tls, and of the authority beside them.
const (
	tlsChain     = "tls.crt"
	tlsKey       = "tls.key"
	tlsAuthority = "ca.crt"
)

// issuedSuffix is of the names of cert-manager's Certificate and Secret.
const issuedSuffix = "-issued"

// expiration is what cert-manager's metrics have of a certificate whose renewal is due. One that is valid for days only always ends
// soon, so the end alone does not count. Prometheus renames a label namespace to exported_namespace if a scrape does not have
// honorLabels, which is the default of cert-manager's chart.
func (a CertificateArgs) expiration(name string) pulumi.StringOutput {
	return pulumi.Sprintf("min((%[1]s{name=%[3]q,namespace=%[4]q} or %[1]s{name=%[3]q,exported_namespace=%[4]q}) and %[2]s{name=%[3]q} < time())",
		"certmanager_certificate_expiration_timestamp_seconds", "certmanager_certificate_renewal_timestamp_seconds", name, a.Scope.Namespace)
}

// endOf is a constant: a certificate that the stack has changes by an up alone. One that can't be read, package config has
// refused.
func endOf(chain pulumi.StringInput) pulumi.StringOutput {
	return chain.ToStringOutput().ApplyT(func(text string) string {
		ends, _ := certificate.CheckServer(text, "", nil, time.Now())
		return fmt.Sprintf("vector(%d)", ends.Unix())
	}).(pulumi.StringOutput)
}

// issue has cert-manager write the Secret, and renew it. The pods wait for it.
func (a CertificateArgs) issue(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	name += issuedSuffix
	spec := pulumi.Map{
		"secretName": pulumi.String(name),
		"issuerRef":  pulumi.Map{"group": pulumi.String("cert-manager.io"), "kind": pulumi.String(a.Issuer.Kind), "name": pulumi.String(a.Issuer.Name)},
		"usages":     pulumi.ToStringArray([]string{"digital signature", "key encipherment", "server auth"}),
		"privateKey": pulumi.Map{"algorithm": pulumi.String("ECDSA"), "size": pulumi.Int(256), "rotationPolicy": pulumi.String("Always")},
	}
	names, addresses := certificate.SplitHosts(a.Hosts)
	if len(names) > 0 {
		spec["dnsNames"] = pulumi.ToStringArray(names)
	}
	if len(addresses) > 0 {
		var listed pulumi.StringArray
		for _, address := range addresses {
			listed = append(listed, pulumi.String(address.String()))
		}
		spec["ipAddresses"] = listed
	}
	object, err := apiextensions.NewCustomResource(ctx, name, &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String(certManagerAPI), Kind: pulumi.String("Certificate"),
		Metadata:    metav1.ObjectMetaArgs{Name: pulumi.String(name), Namespace: a.Scope.Namespace, Labels: labels("tls")},
		OtherFields: kubernetes.UntypedArgs{"spec": spec},
	}, opts...)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("cert-manager's Certificate %q: %w", name, err)
	}
	return a.Scope.Wait.issued(object, name), nil
}
