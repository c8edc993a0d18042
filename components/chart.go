package components

import (
	"fmt"

	helmv4 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/helm/v4"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Chart tells where a Helm chart comes from: a folder, or else a repository and a version.
type Chart struct {
	Repository string
	Version    string
	Path       string
}

// install makes the objects of the chart that the repository knows by the name chart.
func (c Chart) install(ctx *pulumi.Context, name, chart string, namespace pulumi.StringPtrInput, values pulumi.Map, opts ...pulumi.ResourceOption) (*helmv4.Chart, error) {
	args := &helmv4.ChartArgs{Name: pulumi.String(name), Namespace: namespace, Values: values}
	if c.Path != "" {
		args.Chart = pulumi.String(c.Path)
	} else {
		args.Chart = pulumi.String(chart)
		args.Version = pulumi.String(c.Version)
		args.RepositoryOpts = helmv4.RepositoryOptsArgs{Repo: pulumi.String(c.Repository)}
	}
	made, err := helmv4.NewChart(ctx, name, args, opts...)
	if err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return made, nil
}
