package components

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ExistingImage builds nothing: the image runs by its reference.
type ExistingImage struct {
	Ref string // repository@sha256:…
}

// build gives the digest its immutable tag, unless it is a preview or ImageArgs.Registry is nil. It fails if the registry
// does not have the digest.
func (e ExistingImage) build(ctx *pulumi.Context, name string, args ImageArgs, _ pulumi.ResourceOption) (pulumi.StringOutput, error) {
	ref := pulumi.String(e.Ref).ToStringOutput()
	if args.Registry == nil || ctx.DryRun() {
		return ref, nil
	}
	repository, digest, _ := strings.Cut(e.Ref, "@")
	found, err := args.Registry.Keep(ctx.Context(), repository, digest)
	if err != nil { // as for a built image
		_ = ctx.Log.Warn(notKept(name, digest, err), nil) // if logging fails, the engine has exited
		return ref, nil
	}
	if !found {
		return pulumi.StringOutput{}, fmt.Errorf("the registry does not have %s", e.Ref)
	}
	return ref, nil
}
