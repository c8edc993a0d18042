package registry

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// ErrMissing means that the registry has no such manifest.
var ErrMissing = errors.New("the registry does not have the image")

// Platforms returns the platforms (os/arch[/variant]) of the image with this digest (sha256:<hex>). Its error is
// ErrMissing if the repository has no such manifest. An image that does not name its platform has none.
func (c *Client) Platforms(ctx context.Context, repository, digest string) ([]string, error) {
	descriptor, err := c.get(ctx, repository, digest)
	if err != nil {
		return nil, err
	}
	if !descriptor.MediaType.IsIndex() {
		image, err := descriptor.Image()
		if err != nil {
			return nil, fmt.Errorf("%s@%s: %w", repository, digest, err)
		}
		file, err := image.ConfigFile()
		if err != nil {
			return nil, fmt.Errorf("%s@%s: %w", repository, digest, err)
		}
		if platform := file.Platform(); platform != nil {
			return []string{platform.String()}, nil
		}
		return nil, nil
	}
	index, err := descriptor.ImageIndex()
	if err != nil {
		return nil, fmt.Errorf("%s@%s: %w", repository, digest, err)
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, fmt.Errorf("%s@%s: %w", repository, digest, err)
	}
	var all []string
	for _, image := range manifest.Manifests {
		if image.Platform != nil && image.Platform.OS != "unknown" { // attestations have the platform unknown/unknown
			all = append(all, image.Platform.String())
		}
	}
	return all, nil
}

// get returns the descriptor of the manifest, or ErrMissing.
func (c *Client) get(ctx context.Context, repository, digest string) (*remote.Descriptor, error) {
	descriptor, err := c.puller.Get(ctx, c.repository(repository).Digest(digest))
	if isMissing(err) {
		return nil, ErrMissing
	}
	if err != nil {
		return nil, fmt.Errorf("%s@%s: %w", repository, digest, err)
	}
	return descriptor, nil
}
