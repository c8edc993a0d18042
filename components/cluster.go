package components

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ClusterArgs select the cluster.
type ClusterArgs struct {
	Context  string // kubeconfig context; empty: the current one
	RenderTo string // directory to write manifests to; empty: use a cluster
}

// NewCluster creates the provider of all Kubernetes objects. It finds the kubeconfig as kubectl does and never stores it.
// With a fixed cluster identifier, a changed kubeconfig (new address, renewed certificate) does not replace every object.
// The identifier stays the same when the stack is renamed.
func NewCluster(ctx *pulumi.Context, name string, args ClusterArgs) (pulumi.ProviderResource, error) {
	p := &kubernetes.ProviderArgs{
		ClusterIdentifier:     pulumi.String(ctx.Stack()),
		EnableServerSideApply: pulumi.Bool(true),
		EnableSecretMutable:   pulumi.Bool(true), // Secrets that are not marked immutable
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

// withoutKubeconfig removes the input kubeconfig, which the SDK 4.25 fills from KUBECONFIG (pulumi-kubernetes#3217). That input
// would put a local path into the state, and the plugin reads it as a single file. Without it the plugin reads KUBECONFIG itself,
// as a list of files. Remove withoutKubeconfig once the SDK leaves the input empty; findings/pulumi-kubeconfig-list.sh checks it.
func withoutKubeconfig(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
	if inputs, ok := args.Props.(*kubernetes.ProviderArgs); ok {
		inputs.Kubeconfig = nil
	}
	return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: args.Opts}
}

// upsert makes the plugin adopt an existing object, e.g. one created by an `up` that was killed. Up to 4.28 the plugin
// always does so. Since 4.29 it does so only with this input (pulumi-kubernetes#4278), which the SDK 4.25 does not know. Replace
// upsert by the field of ProviderArgs once go.mod has SDK 4.29 or later. Package ownership rejects objects of other owners before.
func upsert(_ context.Context, args *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
	args.Props["upsertExistingObjects"] = pulumi.Bool(true)
	return &pulumi.ResourceTransformResult{Props: args.Props, Opts: args.Opts}
}
