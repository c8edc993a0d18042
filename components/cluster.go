package components

import (
	"fmt"
	"os"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ClusterArgs tells which cluster to use.
type ClusterArgs struct {
	Context  string // of the kubeconfig; empty: the current one
	RenderTo string // a directory to write manifests to instead; empty: a real cluster
}

// NewCluster makes the provider that all Kubernetes objects use. The kubeconfig is found as kubectl finds it and never
// stored. The identifier keeps a change of the kubeconfig (another address, a renewed certificate) from replacing every
// object; whoever moves a stack to another cluster destroys it first.
func NewCluster(ctx *pulumi.Context, name string, args ClusterArgs) (pulumi.ProviderResource, error) {
	// The SDK would copy the variable into the state, as one path; the plugin reads it by itself, as the list that it is.
	if err := os.Unsetenv("KUBECONFIG"); err != nil {
		return nil, fmt.Errorf("cluster %q: KUBECONFIG: %w", name, err)
	}
	p := &kubernetes.ProviderArgs{
		ClusterIdentifier:     pulumi.String(ctx.Stack()),
		EnableServerSideApply: pulumi.Bool(true),
		EnableSecretMutable:   pulumi.Bool(true), // those that are not said to be immutable
	}
	if args.RenderTo != "" {
		p.RenderYamlToDirectory = pulumi.String(args.RenderTo)
	} else if args.Context != "" {
		p.Context = pulumi.String(args.Context)
	}
	provider, err := kubernetes.NewProvider(ctx, name, p)
	if err != nil {
		return nil, fmt.Errorf("cluster %q: provider: %w", name, err)
	}
	return provider, nil
}
