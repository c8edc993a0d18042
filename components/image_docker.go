package components

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi-docker/sdk/v4/go/docker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// DockerBuilder builds with the Docker engine of docker:host, DOCKER_HOST or the local socket.
type DockerBuilder struct {
	Platform string // os/arch
	Registry RegistryLogin
}

func (b DockerBuilder) build(ctx *pulumi.Context, name string, args ImageArgs, parent pulumi.ResourceOption) (pulumi.StringOutput, error) {
	if err := setModes(ctx, args.Context); err != nil {
		return pulumi.StringOutput{}, err
	}
	registry := docker.RegistryArgs{Server: pulumi.String(b.Registry.Server)}
	if b.Registry.isStored() { // otherwise the plugin uses the credentials of `docker login`
		registry.Username = pulumi.String(b.Registry.Username)
		registry.Password = b.Registry.Password
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
	}, parent, keepImage())
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("docker: %w", err)
	}
	// The engine lists a digest for each repository that the image was pushed to. The plugin takes the first, which may
	// belong to a previous registry.
	digest := image.RepoDigest.ApplyT(func(ref string) string {
		_, digest, _ := strings.Cut(ref, "@")
		return digest
	}).(pulumi.StringOutput)
	return args.pushed(ctx, name, image, digest), nil
}
