// Package registry queries and tags images in a container registry, with the credentials of builders and nodes.
package registry

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"hankki/internal/config"
)

// limit bounds a query whose context has no deadline. Copies of images have no limit.
const limit = 10 * time.Second

// Client is a client of one registry.
type Client struct {
	limit     time.Duration
	server    name.Registry
	auth      authn.Authenticator
	username  string // empty: anonymous
	transport http.RoundTripper
	puller    *remote.Puller
	pusher    *remote.Pusher
}

// New creates a client without sending a request. Its error names the configuration key.
func New(r config.Registry, password config.Secret) (*Client, error) {
	var options []name.Option
	if r.Insecure {
		options = append(options, name.Insecure)
	}
	// name.NewRepository interprets a server without a dot or a port as a path on Docker Hub.
	server, err := name.NewRegistry(r.Server, options...)
	if err != nil {
		return nil, fmt.Errorf("registry.server %q: %w", r.Server, err)
	}
	c := &Client{limit: limit, server: server, auth: authn.Anonymous, username: r.Username}
	if r.Username != "" {
		c.auth = &authn.Basic{Username: r.Username, Password: password.Reveal()}
	}
	if c.transport, err = newTransport(r); err != nil {
		return nil, err
	}
	// Both keep their connections and tokens.
	with := []remote.Option{remote.WithAuth(c.auth), remote.WithTransport(c.transport)}
	if c.puller, err = remote.NewPuller(with...); err != nil {
		return nil, fmt.Errorf("registry.server %q: %w", r.Server, err)
	}
	if c.pusher, err = remote.NewPusher(with...); err != nil {
		return nil, fmt.Errorf("registry.server %q: %w", r.Server, err)
	}
	return c, nil
}

// CheckPush verifies the permission to push to a repository: it starts an upload and cancels it.
func (c *Client) CheckPush(ctx context.Context, repository string) error {
	// The tag has no effect: an upload belongs to a repository.
	return remote.CheckPushPermission(c.repository(repository).Tag("latest"), keychain{c.auth}, bound{ctx, c.transport}) //nolint:wrapcheck // the error names the URL
}

// Has reports whether the repository has the manifest of this digest (sha256:<hex>).
func (c *Client) Has(ctx context.Context, repository, digest string) (bool, error) {
	return c.within(ctx, func(ctx context.Context) (bool, error) {
		found, err := c.digest(ctx, c.repository(repository).Digest(digest))
		return found == digest, err
	})
}

// Keep sets the tag TagOf(digest) on the manifest, unless it is set already, so that a registry that deletes untagged
// manifests keeps the image. It returns false if the registry has no such manifest.
func (c *Client) Keep(ctx context.Context, repository, digest string) (bool, error) {
	return c.within(ctx, func(ctx context.Context) (bool, error) { return c.keep(ctx, repository, digest) })
}

func (c *Client) keep(ctx context.Context, repository, digest string) (bool, error) {
	tag := c.repository(repository).Tag(TagOf(digest))
	if found, err := c.digest(ctx, tag); err != nil || found == digest {
		return err == nil, err
	}
	manifest, err := c.get(ctx, repository, digest)
	if errors.Is(err, ErrMissing) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := c.pusher.Put(ctx, tag, manifest); err != nil {
		return false, fmt.Errorf("tag %s: %w", tag, err)
	}
	return true, nil
}

// within gives the query a deadline if ctx has none. A silent registry would otherwise block forever.
func (c *Client) within(ctx context.Context, query func(context.Context) (bool, error)) (bool, error) {
	if _, limited := ctx.Deadline(); limited {
		return query(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	found, err := query(ctx)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return false, fmt.Errorf("the registry %s did not respond within %v: %w", c.server, c.limit, err)
	}
	return found, err
}

// TagOf returns the immutable tag of an image: sha256- and the first 16 hex digits of its digest. The full digest is
// not used, because OCI registries store referrers of the image under that tag.
func TagOf(digest string) string {
	hex := strings.TrimPrefix(digest, "sha256:")
	return "sha256-" + hex[:min(16, len(hex))]
}

// digest returns the digest of the manifest of a reference; empty if it does not exist.
func (c *Client) digest(ctx context.Context, of name.Reference) (string, error) {
	descriptor, err := c.puller.Head(ctx, of)
	if isMissing(err) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", of, err)
	}
	return descriptor.Digest.String(), nil
}

// repository returns the repository of this full name (server/path), without a tag.
func (c *Client) repository(repository string) name.Repository {
	_, path, _ := strings.Cut(repository, "/")
	return c.server.Repo(path)
}

func isMissing(err error) bool {
	var answer *transport.Error
	return errors.As(err, &answer) && answer.StatusCode == http.StatusNotFound
}

func newTransport(r config.Registry) (http.RoundTripper, error) {
	t := http.DefaultTransport.(*http.Transport).Clone()
	if r.CAFile == "" {
		return t, nil
	}
	pem, err := config.ReadFile("registry.caFile", r.CAFile)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("registry.caFile %q: the system's certificates: %w", r.CAFile, err)
	}
	if !pool.AppendCertsFromPEM([]byte(pem)) {
		return nil, fmt.Errorf("registry.caFile %q contains no certificate in PEM form", r.CAFile)
	}
	t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return t, nil
}

// keychain returns one credential for all registries.
type keychain struct{ authn.Authenticator }

func (k keychain) Resolve(authn.Resource) (authn.Authenticator, error) { return k.Authenticator, nil }

// bound gives each request the deadline of ctx, because CheckPushPermission has no context parameter. The DELETE that cancels
// the upload is sent in the background, possibly after the check has returned, so it gets no deadline.
type bound struct {
	ctx  context.Context //nolint:containedctx // a round tripper can't receive one otherwise
	next http.RoundTripper
}

func (b bound) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodDelete {
		return b.next.RoundTrip(r)
	}
	return b.next.RoundTrip(r.WithContext(b.ctx))
}
