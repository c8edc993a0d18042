package components

import (
	"fmt"

	"github.com/pulumi/pulumi-docker-build/sdk/go/dockerbuild"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// BuildKitBuilderArgs are the inputs of a BuildKitBuilder.
type BuildKitBuilderArgs struct {
	Instance string // name of the buildx instance
	Platform string // os/arch
	Registry RegistryLogin
	// CA is a bundle of certificates in PEM form that RUN steps find as the build secret "ca"; empty: none. It is for
	// networks whose way out has a certificate authority of its own.
	CA string
}

// BuildKitBuilder builds with a BuildKit daemon and needs no Docker engine.
type BuildKitBuilder struct {
	args     BuildKitBuilderArgs
	provider pulumi.ProviderResource
}

// NewBuildKitBuilder makes the provider that holds the credentials; only now is the plugin docker-build needed.
func NewBuildKitBuilder(ctx *pulumi.Context, name string, args BuildKitBuilderArgs) (*BuildKitBuilder, error) {
	p := &dockerbuild.ProviderArgs{}
	if args.Registry.Username != "" {
		// A provider's inputs travel as one JSON text, so the list is a secret as a whole.
		p.Registries = pulumi.ToSecret(dockerbuild.RegistryArray{dockerbuild.RegistryArgs{
			Address:  pulumi.String(args.Registry.Server),
			Username: pulumi.String(args.Registry.Username),
			Password: args.Registry.Password.ToStringOutput().ToStringPtrOutput(),
		}}).(dockerbuild.RegistryArrayOutput)
	}
	provider, err := dockerbuild.NewProvider(ctx, name, p)
	if err != nil {
		return nil, fmt.Errorf("builder %q: provider: %w", name, err)
	}
	return &BuildKitBuilder{args: args, provider: provider}, nil
}

func (b *BuildKitBuilder) build(ctx *pulumi.Context, name string, args ImageArgs, parent pulumi.ResourceOption) (pulumi.StringOutput, error) {
	var secrets pulumi.StringMap
	if b.args.CA != "" {
		secrets = pulumi.StringMap{"ca": pulumi.ToSecret(pulumi.String(b.args.CA)).(pulumi.StringOutput)}
	}
	image, err := dockerbuild.NewImage(ctx, name, &dockerbuild.ImageArgs{
		Tags:      pulumi.StringArray{pulumi.String(args.Repository + ":" + imageTag)},
		Context:   dockerbuild.BuildContextArgs{Location: pulumi.String(args.Context)},
		BuildArgs: pulumi.ToStringMap(args.BuildArgs),
		Secrets:   secrets,
		Platforms: dockerbuild.PlatformArray{dockerbuild.Platform(b.args.Platform)},
		Builder:   dockerbuild.BuilderConfigArgs{Name: pulumi.String(b.args.Instance)},
		Push:      pulumi.Bool(true),
		// A preview reads, it does not build: it says that the image changes, not what it will be.
		BuildOnPreview: pulumi.Bool(false),
		// Certificates are renewed without any effect on what is built.
		IgnoreSecretsInDiffCalculation: pulumi.StringArray{pulumi.String("ca")},
	}, parent, pulumi.Provider(b.provider))
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("docker-build: %w", err)
	}
	return pulumi.Sprintf("%s@%s", args.Repository, image.Digest), nil
}
