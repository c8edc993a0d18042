package preflight

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"hankki/config"
)

// registry asks for the right to push, with the credentials that will be used: it begins an upload and cancels it.
func registry(ctx context.Context, c *config.Config) error {
	r := c.Registry
	if r.Server == "" || r.Username != "" && c.Secrets.RegistryPassword == "" {
		return nil // config has said what is missing; an empty password would count as a failed login
	}
	// Not by the repository's full name: there a server with neither dot nor port is taken for a path on Docker Hub.
	server, err := name.NewRegistry(r.Server, options(r)...)
	if err != nil {
		return fmt.Errorf("registry.server %q: %w", r.Server, err)
	}
	transport, err := transport(r)
	if err != nil {
		return err
	}
	auth := authn.Anonymous
	if r.Username != "" {
		auth = &authn.Basic{Username: r.Username, Password: c.Secrets.RegistryPassword.Reveal()}
	}
	if err := remote.CheckPushPermission(server.Repo(r.Prefix, "preflight").Tag("latest"), staticKeychain{auth}, bound{ctx, transport}); err != nil {
		return fmt.Errorf("registry.server %q, user %q: pushing is not possible: %s; start the registry, or correct hankki:registry and hankki:registryPassword",
			r.Server, r.Username, strings.Join(strings.Fields(err.Error()), " ")) // answers of a registry may have lines
	}
	return nil
}

func options(r config.Registry) []name.Option {
	if r.Insecure {
		return []name.Option{name.Insecure}
	}
	return nil
}

func transport(r config.Registry) (http.RoundTripper, error) {
	t := http.DefaultTransport.(*http.Transport).Clone()
	if r.CAFile == "" {
		return t, nil
	}
	pem, err := os.ReadFile(r.CAFile)
	if err != nil {
		return nil, fmt.Errorf("registry.caFile: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("registry.caFile %q: the system's certificates: %w", r.CAFile, err)
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("registry.caFile %q holds no certificate in PEM form", r.CAFile)
	}
	t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return t, nil
}

// staticKeychain answers for every registry with the one credential.
type staticKeychain struct{ authn.Authenticator }

func (k staticKeychain) Resolve(authn.Resource) (authn.Authenticator, error) {
	return k.Authenticator, nil
}

// bound gives each request the deadline, for CheckPushPermission takes no context. The one that cancels the upload is
// sent behind our back, when the check may be over: it goes without.
type bound struct {
	ctx  context.Context //nolint:containedctx // to carry one is all that it is for
	next http.RoundTripper
}

func (b bound) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodDelete {
		return b.next.RoundTrip(r)
	}
	return b.next.RoundTrip(r.WithContext(b.ctx))
}
