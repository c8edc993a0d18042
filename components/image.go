package components

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Resource types of Image and of the builders' resources below it.
const (
	ImageType         = "hankki:components:Image"
	BuildKitImageType = "docker-build:index:Image"
	DockerImageType   = "docker:index/image:Image"
)

// ImageArgs are the inputs of an Image.
type ImageArgs struct {
	Context    string            // folder with the Dockerfile and all files that it copies
	Repository string            // push target, without a tag
	BuildArgs  map[string]string // stored unencrypted in the state: no secrets
	Builder    Builder
	Registry   ImageRegistry // nil: images are not built and digests are not checked
	Former     FormerImage
}

// ImageRegistry is the registry that images are pushed to.
type ImageRegistry interface {
	// Keep ensures that the manifest with this digest (sha256:<hex>) has an immutable tag. It returns false if the
	// repository has no such manifest.
	Keep(ctx context.Context, repository, digest string) (bool, error)
}

// FormerImage describes the image in the stack's state before this run; the zero value: no image.
type FormerImage struct {
	Source      string // its value of the build argument SourceArg
	ContextHash string // of the build context, as the plugin docker-build computes it
	Username    string // user name of the push; empty: anonymous
	Missing     bool   // the registry no longer has it
}

// Image is a container image, built from source and pushed. Its outputs do not depend on the builder.
type Image struct {
	pulumi.ResourceState
	// Ref is repository@sha256:…, so dependents change exactly when the image does. In a preview it is unknown if the
	// image would be built.
	Ref pulumi.StringOutput
}

// Builder builds and pushes an image as a child of its component and returns the reference by digest.
type Builder interface {
	build(ctx *pulumi.Context, name string, args ImageArgs, parent pulumi.ResourceOption) (pulumi.StringOutput, error)
}

// imageTag moves with each build. ImageRegistry.Keep adds an immutable tag. Pods use the digest.
const imageTag = "latest"

// keepImage retains images in the registry when their resources are deleted or replaced, because pods, a rollback or
// another stack may use them. A deletion therefore needs neither the plugin's engine nor the registry.
func keepImage() pulumi.ResourceOption { return pulumi.RetainOnDelete(true) }

// NewImage builds and pushes an image.
func NewImage(ctx *pulumi.Context, name string, args ImageArgs, opts ...pulumi.ResourceOption) (_ *Image, err error) {
	defer named(&err, "image", name)
	i := &Image{}
	if err := ctx.RegisterComponentResource(ImageType, name, i, opts...); err != nil {
		return nil, err
	}
	ref, err := args.Builder.build(ctx, name, args, pulumi.Parent(i))
	if err != nil {
		return nil, err
	}
	i.Ref = ref
	if err := ctx.RegisterResourceOutputs(i, pulumi.Map{"ref": i.Ref}); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return i, nil
}
