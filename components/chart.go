package components

import (
	"context"
	"fmt"
	"maps"
	"slices"

	helmv4 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/helm/v4"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Chart tells where a Helm chart comes from: a folder, or else a repository and a version.
type Chart struct {
	Repository string
	Version    string
	Path       string
}

// chartUse is what a component makes of a chart.
type chartUse struct {
	chart     string // its name in the repository
	namespace pulumi.StringPtrInput
	values    pulumi.Map
	// order is an awk program that all manifests go through, to say by annotations what is made after what; may be empty.
	order string
}

// install makes the objects of the chart.
func (c Chart) install(ctx *pulumi.Context, name string, use chartUse, opts ...pulumi.ResourceOption) (*helmv4.Chart, error) {
	args := &helmv4.ChartArgs{Name: pulumi.String(name), Namespace: use.namespace, Values: use.values}
	if use.order != "" {
		args.PostRenderer = helmv4.PostRendererArgs{Command: pulumi.String("awk"), Args: pulumi.StringArray{pulumi.String(use.order)}}
	}
	if c.Path != "" {
		args.Chart = pulumi.String(c.Path)
	} else {
		args.Chart = pulumi.String(use.chart)
		args.Version = pulumi.String(c.Version)
		args.RepositoryOpts = helmv4.RepositoryOptsArgs{Repo: pulumi.String(c.Repository)}
	}
	made, err := helmv4.NewChart(ctx, name, args, append(slices.Clone(opts), pulumi.Transforms([]pulumi.ResourceTransform{likeOurs}))...)
	if err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return made, nil
}

// crdType is the kind of definitions of kinds. They are by far the longest of a chart's objects, so to hand each back is not
// free, and nobody takes anything out of them.
const crdType = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"

// likeOurs has a chart's objects owned as ours are, but for definitions of kinds, and its Services waited for no longer than
// ours; its Deployments say whether it runs.
func likeOurs(_ context.Context, args *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
	metadata, ok := args.Props["metadata"].(pulumi.Map)
	if !ok || args.Type == crdType {
		return nil
	}
	more := pulumi.StringMap{}
	if args.Type == "kubernetes:core/v1:Service" {
		more[waitFor] = pulumi.String(untilClusterIP)
	}
	annotations := pulumi.Map{}
	for key, value := range owned(more) {
		annotations[key] = value
	}
	if its, ok := metadata["annotations"].(pulumi.Map); ok {
		maps.Copy(annotations, its)
	}
	metadata["annotations"] = annotations
	return &pulumi.ResourceTransformResult{Props: args.Props, Opts: args.Opts}
}
