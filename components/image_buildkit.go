package components

import (
	"fmt"
	"strconv"

	"github.com/pulumi/pulumi-docker-build/sdk/go/dockerbuild"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// BuildKitBuilderArgs are the inputs of a BuildKitBuilder.
type BuildKitBuilderArgs struct {
	Instance string // name of the buildx instance
	Platform string // os/arch
	Registry RegistryLogin
	// CA is a PEM bundle that RUN steps get as the build secret "ca"; empty: no bundle. It is for networks whose outgoing
	// proxy uses a private certificate authority.
	CA string
}

// BuildKitBuilder builds with a BuildKit daemon and needs no Docker engine.
type BuildKitBuilder struct {
	args     BuildKitBuilderArgs
	provider pulumi.ProviderResource
}

// NewBuildKitBuilder creates the provider. Only stacks that call it need the plugin docker-build.
func NewBuildKitBuilder(ctx *pulumi.Context, name string, args BuildKitBuilderArgs) (*BuildKitBuilder, error) {
	// The plugin sets host from DOCKER_HOST, and any change of a provider's configuration replaces the provider and all
	// its images (pulumi-go-provider#409). A buildx instance has its own address. Earlier versions set the credentials
	// here; those of the image take precedence. With a PullSecret they must leave the state, which one replacement does.
	ignored := []string{"host"}
	if args.Registry.PullSecret == "" {
		ignored = append(ignored, "registries")
	}
	provider, err := dockerbuild.NewProvider(ctx, name, &dockerbuild.ProviderArgs{}, pulumi.IgnoreChanges(ignored))
	if err != nil {
		return nil, fmt.Errorf("builder %q: provider: %w", name, err)
	}
	return &BuildKitBuilder{args: args, provider: provider}, nil
}

func (b *BuildKitBuilder) build(ctx *pulumi.Context, name string, args ImageArgs, parent pulumi.ResourceOption) (pulumi.StringOutput, error) {
	if err := setModes(ctx, args.Context); err != nil {
		return pulumi.StringOutput{}, err
	}
	buildArgs, source, err := args.withSource(map[string]string{
		"platform": b.args.Platform, "instance": b.args.Instance, "ca": strconv.FormatBool(b.args.CA != ""),
	})
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	login, err := args.login(source, b.args.Registry)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	image, err := dockerbuild.NewImage(ctx, name, &dockerbuild.ImageArgs{
		Tags:       pulumi.StringArray{pulumi.String(args.Repository + ":" + imageTag)},
		Context:    dockerbuild.BuildContextArgs{Location: pulumi.String(args.Context)},
		BuildArgs:  pulumi.ToStringMap(buildArgs),
		Secrets:    b.secrets(),
		Registries: registries(login),
		Platforms:  dockerbuild.PlatformArray{dockerbuild.Platform(b.args.Platform)},
		Builder:    dockerbuild.BuilderConfigArgs{Name: pulumi.String(b.args.Instance)},
		Push:       pulumi.Bool(true),
		// A preview does not build, so the new digest is unknown
		BuildOnPreview: pulumi.Bool(false),
		// A renewed certificate does not change the image
		IgnoreSecretsInDiffCalculation: pulumi.StringArray{pulumi.String("ca")},
	}, parent, pulumi.Provider(b.provider), keepImage())
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("docker-build: %w", err)
	}
	if ctx.DryRun() && source != args.Former.Source {
		logOf(ctx.Log.Info, image, "image %q will be built; its digest is known after the build", name)
	}
	warnIfLeftOut(ctx, name, image, image.BuildArgs, source)
	return args.pushed(ctx, name, image, image.Digest), nil
}

func (b *BuildKitBuilder) secrets() pulumi.StringMap {
	if b.args.CA == "" {
		return nil
	}
	return pulumi.StringMap{"ca": pulumi.ToSecret(pulumi.String(b.args.CA)).(pulumi.StringOutput)}
}

// registries returns the credentials. The plugin does not treat a new password as a change. Without them it uses those of
// `docker login`. If the state had some, the plugin builds the image again, so that its outputs no longer have the password.
func registries(login RegistryLogin) dockerbuild.RegistryArrayInput { //nolint:ireturn // nil: no credentials
	if !login.isStored() {
		return nil
	}
	return dockerbuild.RegistryArray{dockerbuild.RegistryArgs{
		Address:  pulumi.String(login.Server),
		Username: pulumi.String(login.Username),
		Password: login.Password.ToStringPtrOutput(),
	}}
}
