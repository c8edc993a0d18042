package registry

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"

	dockerconfig "github.com/docker/cli/cli/config"
	"github.com/docker/cli/cli/config/types"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"hankki/internal/config"
)

// Of returns a client with the credentials that this machine uses for the stack's registry. If secrets.registryPassword is a
// reference, these are the credentials of `docker login`, as in the image builders. It sends no request. Its error names the
// configuration key.
func Of(c *config.Config) (*Client, error) {
	if !c.UsesDockerLogin() {
		return New(c.Registry, c.Secrets.RegistryPassword)
	}
	login, err := dockerLogin(c.Registry.Server)
	if err != nil {
		return nil, err
	}
	r := c.Registry
	r.Username = login.Username
	return New(r, login.Password)
}

// dockerLogin returns the login that `docker login` keeps for a server, in config.json of DOCKER_CONFIG (default: ~/.docker) or
// in a credential helper.
func dockerLogin(server string) (Login, error) {
	dir := cmp.Or(os.Getenv(dockerconfig.EnvOverrideConfigDir), dockerconfig.Dir()) // Dir keeps the variable's first value
	file, err := dockerconfig.Load(dir)
	if err != nil {
		return Login{}, fmt.Errorf("registry.server %q: credentials of `docker login`: %w", server, err)
	}
	all, err := file.GetAllCredentials()
	if err != nil {
		return Login{}, fmt.Errorf("registry.server %q: credentials of `docker login` in %s: %w", server, file.Filename, err)
	}
	login, found := loginsOf(all).At(server)
	if !found || login.Username == "" || login.Password == "" { // the builders do not use a token without a user name
		return Login{}, fmt.Errorf("registry.server %q: %s has no user name and password for it, and secrets.registryPassword is a reference, which only pods use: run `docker login %s`",
			server, file.Filename, server)
	}
	return login, nil
}

// Login is a user of a registry.
type Login struct {
	Username string
	Password config.Secret
}

// Logins are logins by server, as it is written in a Docker config.json.
type Logins map[string]Login

// ParseLogins reads the content of a Secret of the type kubernetes.io/dockerconfigjson, without credential helpers. Its error
// does not contain the content.
func ParseLogins(content []byte) (Logins, error) {
	file, err := dockerconfig.LoadFromReader(bytes.NewReader(content))
	if err != nil {
		return nil, errors.New("the value is not a config.json of Docker")
	}
	return loginsOf(file.AuthConfigs), nil
}

func loginsOf(all map[string]types.AuthConfig) Logins {
	logins := Logins{}
	for server, auth := range all {
		logins[server] = Login{Username: auth.Username, Password: config.Secret(auth.Password)}
	}
	return logins
}

// At returns the login for a server, host[:port]. Like the kubelet it also accepts the forms https://SERVER and
// https://SERVER/v1/. Logins for a part of a registry are not considered.
func (l Logins) At(server string) (login Login, found bool) {
	wanted, err := name.NewRegistry(server)
	if err != nil {
		return Login{}, false
	}
	for _, key := range slices.Sorted(maps.Keys(l)) {
		host := key
		if _, rest, hasScheme := strings.Cut(key, "://"); hasScheme {
			host = rest
		}
		for _, path := range []string{"/v1/", "/v2/", "/"} {
			host = strings.TrimSuffix(host, path)
		}
		if has, err := name.NewRegistry(host); err == nil && has.RegistryStr() == wanted.RegistryStr() {
			return l[key], true
		}
	}
	return Login{}, false
}

// String lists users and servers.
func (l Logins) String() string {
	var all []string
	for _, server := range slices.Sorted(maps.Keys(l)) {
		all = append(all, fmt.Sprintf("the user %q at %q", l[server].Username, server))
	}
	return cmp.Or(strings.Join(all, ", "), "no login")
}

// Username is the user name of the client's login; empty: anonymous.
func (c *Client) Username() string { return c.username }

// CheckLogin verifies user name and password as `docker login` does. IsRefused distinguishes a refused login from a registry that
// does not respond.
func (c *Client) CheckLogin(ctx context.Context) error {
	t, err := transport.NewWithContext(ctx, c.server, c.auth, c.transport, nil)
	if err != nil {
		return err //nolint:wrapcheck // the error names the URL
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.server.Scheme()+"://"+c.server.RegistryStr()+"/v2/", nil)
	if err != nil {
		return err //nolint:wrapcheck // the error names the URL
	}
	answer, err := t.RoundTrip(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return transport.CheckError(answer, http.StatusOK) //nolint:wrapcheck // the error names the URL
}

// IsRefused reports whether the registry refused the credentials.
func IsRefused(err error) bool {
	answer, ok := errors.AsType[*transport.Error](err)
	return ok && (answer.StatusCode == http.StatusUnauthorized || answer.StatusCode == http.StatusForbidden)
}
