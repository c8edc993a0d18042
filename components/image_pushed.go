package components

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// pushed returns the image reference with its digest (sha256:<hex>). The digest is empty in a preview that would build the
// image. An up first gives the digest its immutable tag and fails if the registry does not have the digest.
func (a ImageArgs) pushed(ctx *pulumi.Context, name string, image pulumi.Resource, digest pulumi.StringOutput) pulumi.StringOutput {
	urn := image.URN()
	return pulumi.All(digest, urn).ApplyT(func(known []any) (pulumi.StringOutput, error) {
		digest, urn := known[0].(string), known[1].(pulumi.URN)
		ref := pulumi.String(a.Repository + "@" + digest).ToStringOutput()
		if a.Registry == nil {
			return ref, nil
		}
		if digest == "" && ctx.DryRun() {
			return pulumi.UnsafeUnknownOutput([]pulumi.Resource{image}).ApplyT(func(any) string { return "" }).(pulumi.StringOutput), nil
		}
		if digest == "" {
			return pulumi.StringOutput{}, fmt.Errorf("image %q: the builder returned no digest", name)
		}
		if ctx.DryRun() {
			return ref, nil
		}
		found, err := a.Registry.Keep(ctx.Context(), a.Repository, digest)
		if err != nil { // a missing tag stops no update: the image exists, or the next check reports it
			logOf(ctx.Log.Warn, image, "%s", notKept(name, digest, err))
			return ref, nil
		}
		if !found {
			return pulumi.StringOutput{}, fmt.Errorf("image %q: the registry does not have %s@%s: build it again with `pulumi up --replace '%s'`; if that does not help, the engine pushes another digest than it reports, as Podman may: set images.builder buildkit",
				name, a.Repository, digest, urn)
		}
		return ref, nil
	}).(pulumi.StringOutput)
}

// notKept is the warning for an image without its immutable tag.
func notKept(name, digest string, err error) string {
	return fmt.Sprintf("image %q: the registry refuses an immutable tag for %s, so its garbage collection may remove the image once it is replaced: %v", name, digest, err)
}

// logOf logs a line about a resource. It ignores the error: if logging fails, the engine has already exited.
func logOf(log func(string, *pulumi.LogArgs) error, about pulumi.Resource, format string, args ...any) {
	_ = log(fmt.Sprintf(format, args...), &pulumi.LogArgs{Resource: about}) // no other channel to the engine exists
}
