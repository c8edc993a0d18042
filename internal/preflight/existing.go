package preflight

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hankki/internal/config"
	client "hankki/internal/registry"
)

// existing checks that the registry has each image of images.use for the platform of the nodes. References that config has
// rejected are skipped.
func existing(ctx context.Context, c *config.Config, server *client.Client) error {
	var checks []func() error
	for _, image := range config.ImageNames {
		digest, err := c.Digest(image)
		if err != nil {
			continue
		}
		checks = append(checks, func() error {
			key := "images.use." + image
			platforms, err := server.Platforms(ctx, digest.Context().Name(), digest.DigestStr())
			switch {
			case timedOut(err):
				return Slow(fmt.Sprintf("%s: reading %s from registry.server %q", key, digest, c.Registry.Server), err)
			case errors.Is(err, client.ErrMissing):
				return fmt.Errorf("%s: the registry does not have %s: push it there, copy it from another stack with `make promote`, or choose another one, see `make releases`", key, digest)
			case err != nil:
				return fmt.Errorf("%s: registry.server %q, user %q: %s; start the registry, or %s",
					key, c.Registry.Server, server.Username(), oneLine([]error{err}), correctLogin(c))
			case !slices.ContainsFunc(platforms, func(platform string) bool { return samePlatform(platform, c.Images.Platform) }):
				return fmt.Errorf("%s: %s is an image for %s, not for images.platform %q: build it for the platform of the nodes, or correct images.platform",
					key, digest, cmp.Or(strings.Join(platforms, ", "), "no known platform"), c.Images.Platform)
			}
			return nil
		})
	}
	return concurrently(checks...)
}

// samePlatform compares two platforms, os/arch[/variant]. A variant matters only if both have one.
func samePlatform(a, b string) bool {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	shared := min(len(as), len(bs))
	return shared >= 2 && slices.Equal(as[:shared], bs[:shared])
}
