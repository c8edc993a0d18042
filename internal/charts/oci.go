package charts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// chartLayer is the media type of the layer that holds a chart's archive.
const chartLayer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"

// pull returns the archive of a chart from an OCI registry. The library verifies the digest in the manifest. The
// credentials are those of `docker login`. An empty version means that the URL has a tag.
func pull(ctx context.Context, u *url.URL, version string) ([]byte, error) {
	text := strings.TrimPrefix(u.String(), "oci://")
	if version != "" {
		text += ":" + strings.ReplaceAll(version, "+", "_") // as in Helm: a tag can't contain a +
	}
	reference, err := name.ParseReference(text)
	if err != nil {
		return nil, err //nolint:wrapcheck // the error names the reference
	}
	options := []remote.Option{remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain)}
	image, err := remote.Image(reference, options...)
	if err != nil {
		return nil, withTags(err, reference.Context(), options)
	}
	layers, err := image.Layers()
	if err != nil {
		return nil, errors.New(oneLine(err))
	}
	for _, layer := range layers {
		if kind, err := layer.MediaType(); err != nil || kind != chartLayer {
			continue
		}
		content, err := layer.Compressed()
		if err != nil {
			return nil, errors.New(oneLine(err))
		}
		defer content.Close()
		archive, err := io.ReadAll(io.LimitReader(content, archiveLimit))
		if err != nil {
			return nil, errors.New(oneLine(err))
		}
		return archive, nil
	}
	return nil, fmt.Errorf("%s is not a Helm chart", reference)
}

// withTags adds the available versions to the error about a missing version.
func withTags(err error, repository name.Repository, options []remote.Option) error {
	var response *transport.Error
	if errors.As(err, &response) && response.StatusCode == http.StatusNotFound {
		if tags, listErr := remote.List(repository, options...); listErr == nil {
			slices.Reverse(tags) // registries list tags alphabetically
			return fmt.Errorf("%s has no such version; available: %s", repository, listing(tags))
		}
	}
	return errors.New(oneLine(err))
}
