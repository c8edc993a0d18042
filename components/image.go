package components

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ImageType is the resource type of Image.
const ImageType = "hankki:components:Image"

// ImageArgs are the inputs of an Image.
type ImageArgs struct {
	Context    string            // folder that holds the Dockerfile and all that it copies
	Repository string            // where the image is pushed, without a tag
	BuildArgs  map[string]string // plain text, kept in the state: no secrets
	Builder    Builder
}

// Image is a container image, built from source and pushed. Which builder did it shows nowhere else.
type Image struct {
	pulumi.ResourceState
	// Ref is repository@sha256:…, so that whoever uses it changes exactly when the image does.
	Ref pulumi.StringOutput
}

// Builder builds and pushes an image as a child of its component, and returns the reference by digest.
type Builder interface {
	build(ctx *pulumi.Context, name string, args ImageArgs, parent pulumi.ResourceOption) (pulumi.StringOutput, error)
}

// imageTag is only a handle for people and registries; pods use the digest.
const imageTag = "latest"

// NewImage builds and pushes an image.
func NewImage(ctx *pulumi.Context, name string, args ImageArgs, opts ...pulumi.ResourceOption) (*Image, error) {
	i := &Image{}
	if err := ctx.RegisterComponentResource(ImageType, name, i, opts...); err != nil {
		return nil, fmt.Errorf("image %q: %w", name, err)
	}
	ref, err := args.Builder.build(ctx, name, args, pulumi.Parent(i))
	if err != nil {
		return nil, fmt.Errorf("image %q: %w", name, err)
	}
	i.Ref = ref
	if err := ctx.RegisterResourceOutputs(i, pulumi.Map{"ref": i.Ref}); err != nil {
		return nil, fmt.Errorf("image %q: outputs: %w", name, err)
	}
	return i, nil
}
