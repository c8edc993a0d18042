package components

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NamespaceType is the resource type of Namespace.
const NamespaceType = "hankki:components:Namespace"

// defaultNamespace is Kubernetes' default namespace. It is used, but never created or deleted.
const defaultNamespace = "default"

// NamespaceArgs are the inputs of a Namespace.
type NamespaceArgs struct {
	Name     string
	Existing bool          // the namespace is created elsewhere, with its Pod Security
	Registry RegistryLogin // credentials for image pulls; a pull secret is created if they have a user name and no PullSecret
}

// Namespace is the namespace of the three tiers. It enforces Pod Security "restricted", denies network traffic that no
// policy allows, and has or refers to the pull secret of the registry.
type Namespace struct {
	pulumi.ResourceState
	Name        pulumi.StringInput
	PullSecrets corev1.LocalObjectReferenceArray // pull secrets of its pods; nil: no credentials
}

// NewNamespace creates the namespace. An existing namespace, and the namespace "default", are only configured.
func NewNamespace(ctx *pulumi.Context, name string, args NamespaceArgs, opts ...pulumi.ResourceOption) (_ *Namespace, err error) {
	defer named(&err, "namespace", name)
	n := &Namespace{}
	if err := ctx.RegisterComponentResource(NamespaceType, name, n, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(n)

	n.Name = pulumi.String(args.Name)
	if args.Name != defaultNamespace && !args.Existing {
		ns, err := corev1.NewNamespace(ctx, name, &corev1.NamespaceArgs{Metadata: metav1.ObjectMetaArgs{
			Name:   pulumi.String(args.Name),
			Labels: podSecurity("restricted"),
		}}, child, retained)
		if err != nil {
			return nil, err //nolint:wrapcheck // the deferred call of named adds the namespace
		}
		n.Name = ns.Metadata.Name().Elem()
	}
	if err := denyAll(ctx, name, n.Name, args.Name == defaultNamespace, child); err != nil {
		return nil, err
	}
	switch {
	case args.Registry.PullSecret != "":
		n.PullSecrets = pullSecrets(pulumi.String(args.Registry.PullSecret))
	case args.Registry.isStored():
		secret, err := pullSecret(ctx, name, n.Name, args.Registry, child)
		if err != nil {
			return nil, err
		}
		n.PullSecrets = pullSecrets(secret.Metadata.Name())
	}
	if err := ctx.RegisterResourceOutputs(n, pulumi.Map{"name": n.Name}); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return n, nil
}

// retained keeps an object in the cluster on destroy and on replacement. It is for namespaces: deleting one would delete
// the claims and the objects of other owners in it. `make destroy` deletes a namespace that is empty.
var retained = pulumi.RetainOnDelete(true)

// podSecurity returns the labels that enforce a Pod Security Standard in a namespace.
func podSecurity(level string) pulumi.StringMap {
	return pulumi.StringMap{
		"pod-security.kubernetes.io/enforce": pulumi.String(level),
		"pod-security.kubernetes.io/warn":    pulumi.String(level),
		labelPartOf:                          pulumi.String(partOf),
		labelManagedBy:                       pulumi.String("pulumi"),
	}
}

func pullSecrets(name pulumi.StringPtrInput) corev1.LocalObjectReferenceArray {
	return corev1.LocalObjectReferenceArray{corev1.LocalObjectReferenceArgs{Name: name}}
}

// pullSecret stores the credentials as ~/.docker/config.json, the format that the kubelet reads for a pull. Unlike the
// tiers' Secrets, it keeps its name when the password changes, because running pods do not use it.
func pullSecret(ctx *pulumi.Context, name string, namespace pulumi.StringInput, login RegistryLogin, opts ...pulumi.ResourceOption) (*corev1.Secret, error) {
	config := login.Password.ApplyT(func(password string) (string, error) {
		auth := base64.StdEncoding.EncodeToString([]byte(login.Username + ":" + password))
		text, err := json.Marshal(map[string]any{"auths": map[string]any{login.Server: map[string]string{"auth": auth}}})
		return string(text), err
	}).(pulumi.StringOutput)
	secret, err := corev1.NewSecret(ctx, name+"-registry", &corev1.SecretArgs{
		Metadata:   metav1.ObjectMetaArgs{Name: pulumi.String(name + "-registry"), Namespace: namespace, Labels: labels("registry")},
		Type:       pulumi.String("kubernetes.io/dockerconfigjson"),
		StringData: pulumi.StringMap{".dockerconfigjson": config},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("pull secret for %s: %w", login.Server, err)
	}
	return secret, nil
}
