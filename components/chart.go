package components

import (
	"context"
	"fmt"
	"maps"
	"slices"

	helmv4 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/helm/v4"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Chart is the source of a Helm chart: a folder, or a repository and a version.
type Chart struct {
	Repository string
	Version    string
	Path       string
}

// chartUse are a component's settings for a chart.
type chartUse struct {
	chart     string // chart name in the repository
	namespace pulumi.StringPtrInput
	values    pulumi.Map
	// order is an awk program that all manifests pass through. It adds annotations for the order of creation; may be
	// empty.
	order string
}

// install creates the objects of the chart.
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
	made, err := helmv4.NewChart(ctx, name, args, append(slices.Clone(opts), pulumi.Transforms([]pulumi.ResourceTransform{awaitNoEndpoints}))...)
	if err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return made, nil
}

// ChartType is the resource type of charts. The Kubernetes plugin registers a chart's objects as children of this
// resource.
const ChartType = "kubernetes:helm.sh/v4:Chart"

// awaitNoEndpoints is a transform that sets skipAwait on a chart's Services. The readiness of its Deployments is awaited
// instead.
func awaitNoEndpoints(_ context.Context, args *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
	metadata, ok := args.Props["metadata"].(pulumi.Map)
	if !ok || args.Type != "kubernetes:core/v1:Service" {
		return nil
	}
	annotations := pulumi.Map{skipAwait: pulumi.String("true")}
	if its, ok := metadata["annotations"].(pulumi.Map); ok {
		maps.Copy(annotations, its)
	}
	metadata["annotations"] = annotations
	return &pulumi.ResourceTransformResult{Props: args.Props, Opts: args.Opts}
}
