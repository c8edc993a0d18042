package components

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/certificate"
)

// CertificateType is the resource type of Certificate.
const CertificateType = "hankki:components:Certificate"

// certManagerAPI is the API version of cert-manager's Certificate.
const certManagerAPI = "cert-manager.io/v1"

// CertificateArgs are the inputs of a Certificate. Exactly one of Chain, Secret, Issuer and Private selects its source.
type CertificateArgs struct {
	Scope   Scope
	Hosts   []string           // names and addresses for an issued certificate; the first is the site's
	Chain   pulumi.StringInput // PEM, with Key; nil: another source
	Key     Secret             // PEM
	Secret  string             // name of an externally managed kubernetes.io/tls Secret
	Issuer  Issuer
	Private bool // signed by a private authority in the state
}

// Issuer is a cert-manager issuer; an empty Name means no issuer.
type Issuer struct{ Kind, Name string }

// Certificate is the kubernetes.io/tls Secret that Nginx serves HTTPS with. Unlike the tiers' own Secrets, it keeps its
// name when its content changes: Nginx reloads it in running pods. Other hosts need other pods, so they get another name.
type Certificate struct {
	pulumi.ResourceState
	Secret    pulumi.StringOutput // its name
	Key       External            // externally managed Secret of the key, if it is separate; the zero value: the key is in Secret
	Authority pulumi.StringOutput // PEM; set only with Private
	Issued    string              // name of cert-manager's Certificate; empty: another source
}

// NewCertificate creates the Secret, requests it from cert-manager, or refers to an existing one.
func NewCertificate(ctx *pulumi.Context, name string, args CertificateArgs, opts ...pulumi.ResourceOption) (_ *Certificate, err error) {
	defer named(&err, "certificate", name)
	c := &Certificate{}
	if err := ctx.RegisterComponentResource(CertificateType, name, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	of := func(source string) string { return fmt.Sprintf("%s-%s-%s", name, source, args.hosts()) }

	switch {
	case args.Secret != "":
		c.Secret = pulumi.String(args.Secret).ToStringOutput()
	case args.Issuer.Name != "":
		c.Issued = of("issued")
		c.Secret, err = args.issue(ctx, c.Issued, child)
	case args.Private:
		var private privateCertificate
		if private, err = newPrivateCertificate(ctx, name, args.Hosts, child); err == nil {
			c.Authority = private.authority
			c.Secret, err = args.secret(ctx, of("private"), private.chain, private.key, child)
		}
	case args.Key.external():
		c.Key = args.Key.External
		c.Secret, err = args.write(ctx, of("chain"), "Opaque", pulumi.StringMap{tlsChain: args.Chain}, child)
	default:
		c.Secret, err = args.secret(ctx, of("file"), args.Chain, args.Key.Own, child)
	}
	if err != nil {
		return nil, err
	}
	if err := ctx.RegisterResourceOutputs(c, pulumi.Map{"secret": c.Secret}); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return c, nil
}

// hosts returns a digest of the hosts, as a part of a name.
func (a CertificateArgs) hosts() string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(a.Hosts, " "))))[:8]
}

// secret creates the Secret of a certificate in the state. Each source and each list of hosts has its own Secret name, so when
// they change, the old Secret is deleted only after the pods have stopped using it, and it stays if the update fails.
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

// Keys of a kubernetes.io/tls Secret and of its certificate authority.
const (
	tlsChain     = "tls.crt"
	tlsKey       = "tls.key"
	tlsAuthority = "ca.crt"
)

// issue creates a cert-manager Certificate, which writes and renews the Secret. The pods depend on it.
func (a CertificateArgs) issue(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
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
