package registry

import (
	"context"
	"fmt"
)

// Copy copies the image with this digest (sha256:<hex>) from another registry, or from another repository of this one, and
// gives it the tag TagOf(digest). An image for several platforms is copied whole. Its error is ErrMissing if the source
// repository has no such manifest.
func (c *Client) Copy(ctx context.Context, from *Client, source, digest, repository string) error {
	descriptor, err := from.get(ctx, source, digest)
	if err != nil {
		return err
	}
	tag := c.repository(repository).Tag(TagOf(digest))
	if err := c.pusher.Push(ctx, tag, descriptor); err != nil {
		return fmt.Errorf("copying %s@%s to %s: %w", source, digest, tag, err)
	}
	return nil
}
