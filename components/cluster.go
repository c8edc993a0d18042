package components

import (
	"context"
	"fmt"

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
// object, and the first one stays when the stack is renamed.
func NewCluster(ctx *pulumi.Context, name string, args ClusterArgs) (pulumi.ProviderResource, error) {
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
	provider, err := kubernetes.NewProvider(ctx, name, p, pulumi.IgnoreChanges([]string{"clusterIdentifier"}),
		pulumi.Transformations([]pulumi.ResourceTransformation{withoutKubeconfig}), pulumi.Transforms([]pulumi.ResourceTransform{upsert}))
	if err != nil {
		return nil, fmt.Errorf("cluster %q: provider: %w", name, err)
	}
	return provider, nil
}

// withoutKubeconfig takes back the input that the SDK of 4.25 fills from the variable KUBECONFIG. The input would put a path of
// this machine into the state, and the plugin reads it as one file. Without the input the plugin reads the variable itself, as
// the list of files that it is.
func withoutKubeconfig(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
	if inputs, ok := args.Props.(*kubernetes.ProviderArgs); ok {
		inputs.Kubeconfig = nil
	}
	return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: args.Opts}
}

// upsert has the plugin take up an object that exists, as one is that an `up` created before it was killed. Up to 4.28 the
// plugin always does so; from 4.29 on it has this input, which the SDK of 4.25 does not know. The program itself refuses
// objects of others before (package ownership).
func upsert(_ context.Context, args *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
	args.Props["upsertExistingObjects"] = pulumi.Bool(true)
	return &pulumi.ResourceTransformResult{Props: args.Props, Opts: args.Opts}
}
