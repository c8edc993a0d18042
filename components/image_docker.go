package components

import (
	"fmt"
	"path/filepath"

	"github.com/pulumi/pulumi-docker/sdk/v4/go/docker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// DockerBuilder builds with a Docker engine (DOCKER_HOST, or the local socket).
type DockerBuilder struct {
	Platform string // os/arch
	Registry RegistryLogin
}

func (b DockerBuilder) build(ctx *pulumi.Context, name string, args ImageArgs, parent pulumi.ResourceOption) (pulumi.StringOutput, error) {
	registry := docker.RegistryArgs{Server: pulumi.String(b.Registry.Server)}
	if b.Registry.Username != "" {
		registry.Username = pulumi.String(b.Registry.Username)
		registry.Password = pulumi.ToSecret(b.Registry.Password).(pulumi.StringOutput)
	}
	image, err := docker.NewImage(ctx, name, &docker.ImageArgs{
		ImageName: pulumi.String(args.Repository + ":" + imageTag),
		Registry:  registry,
		Build: docker.DockerBuildArgs{
			Context:        pulumi.String(args.Context),
			Dockerfile:     pulumi.String(filepath.Join(args.Context, "Dockerfile")),
			Platform:       pulumi.String(b.Platform),
			Args:           pulumi.ToStringMap(args.BuildArgs),
			BuilderVersion: docker.BuilderVersionBuilderBuildKit,
		},
	}, parent)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("docker: %w", err)
	}
	return image.RepoDigest, nil // imageName stays the same when the content changes
}
