package site

import (
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/release"
)

// releases is the output with the releases of the stack: those before, and the one that runs after this update. It contains
// no secret, whatever the images depend on.
func releases(before []release.Record, images pulumi.StringMap, backend *components.Backend) pulumi.Output { //nolint:ireturn // pulumi.Unsecret returns it
	return pulumi.Unsecret(pulumi.All(images.ToStringMapOutput(), backend.Report).ApplyT(func(known []any) (any, error) {
		now := release.Record{Since: time.Now().UTC(), Images: known[0].(map[string]string)}
		var err error
		if now.Schema, err = release.ParseSchema(known[1].(string)); err != nil {
			return nil, err
		}
		return release.Output(release.Add(before, now))
	}))
}
