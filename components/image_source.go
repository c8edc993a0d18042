package components

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// SourceArg is a build argument that no Dockerfile reads, so it does not change the image. It records the digest of the
// source in the state. Its value shows whether an up skipped the image, and a changed value makes the plugin rebuild.
const SourceArg = "HANKKI_SOURCE"

// withSource adds SourceArg to the build arguments and also returns its value. The settings are further inputs of the
// build.
func (a ImageArgs) withSource(settings map[string]string) (buildArgs map[string]string, source string, err error) {
	settings = maps.Clone(settings)
	maps.Copy(settings, a.BuildArgs)
	settings["repository"] = a.Repository
	digest, err := contextDigest(a.Context, settings)
	if err != nil {
		return nil, "", fmt.Errorf("digest of the context %s: %w", a.Context, err)
	}
	source = a.Former.source(digest)
	buildArgs = maps.Clone(a.BuildArgs)
	buildArgs[SourceArg] = source
	return buildArgs, source, nil
}

// source returns the digest, or DIGEST+N if the source is built for the (N+1)th time because the registry lost the image.
func (f FormerImage) source(digest string) string {
	built, again, _ := strings.Cut(f.Source, "+")
	switch {
	case built != digest:
		return digest
	case !f.Missing:
		return f.Source
	}
	n, _ := strconv.Atoi(again) // empty: 0
	return fmt.Sprintf("%s+%d", digest, n+1)
}

// warnIfLeftOut logs a warning if the engine skipped the image, because the up has targets that do not include it.
func warnIfLeftOut(ctx *pulumi.Context, name string, image pulumi.Resource, buildArgs pulumi.StringMapOutput, source string) {
	pulumi.All(buildArgs, image.URN()).ApplyT(func(known []any) error {
		if line := leftOut(name, known[1].(pulumi.URN), known[0].(map[string]string), source); line != "" {
			logOf(ctx.Log.Warn, image, "%s", line)
		}
		return nil
	})
}

// leftOut returns the warning; it is empty if the image was built from the source.
func leftOut(name string, urn pulumi.URN, buildArgs map[string]string, source string) string {
	if buildArgs[SourceArg] == source {
		return ""
	}
	return fmt.Sprintf("image %q is not built, though its source has changed: it is not among the targets; run `pulumi up` without --target, or add --target '%s'", name, urn)
}
