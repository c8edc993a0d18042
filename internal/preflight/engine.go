package preflight

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"hankki/internal/config"
)

// engine checks that the Docker engine of the builder docker responds and, if registry.insecure is set, that it has
// that registry in insecure-registries. It finds the engine as Pulumi's Docker provider does.
func engine(ctx context.Context, c *config.Config) error {
	if c.Images.Builder != config.BuilderDocker || c.Images.Use.Given() {
		return nil
	}
	var failed []string
	for _, address := range engineAddresses(c.Engine) {
		client, base, err := engineClient(address, c.Engine)
		if errors.Is(err, errNotAsked) {
			return nil
		}
		var info engineInfo
		if err == nil {
			info, err = askEngine(ctx, client, base)
		}
		if err == nil {
			return info.check(ctx, address, c.Registry)
		}
		if timedOut(err) {
			return Slow(fmt.Sprintf("images.builder %q: connecting to the Docker engine at %s", c.Images.Builder, address), err)
		}
		failed = append(failed, fmt.Sprintf("%s: %s", address, strings.Join(strings.Fields(err.Error()), " ")))
	}
	return fmt.Errorf("images.builder %q: the Docker engine does not respond (%s): start it, set another one with DOCKER_HOST or `pulumi config set docker:host ADDRESS` (docker contexts are not read), or set images.builder %s",
		c.Images.Builder, strings.Join(failed, "; "), config.BuilderBuildKit)
}

// engineAddresses lists the addresses that the provider tries, in order: only docker:host or DOCKER_HOST, otherwise
// the local sockets.
func engineAddresses(e config.Engine) []string {
	if e.Host != "" {
		return []string{e.Host}
	}
	if host := os.Getenv("DOCKER_HOST"); host != "" {
		return []string{host}
	}
	addresses := []string{"unix:///var/run/docker.sock"}
	if home, err := os.UserHomeDir(); err == nil {
		for _, socket := range []string{".docker/run/docker.sock", ".docker/desktop/docker.sock"} {
			if file := filepath.Join(home, socket); exists(file) { // Docker Desktop and the rootless engine
				addresses = append(addresses, "unix://"+file)
			}
		}
	}
	return addresses
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// errNotAsked means that only the provider can connect to the engine: by ssh, or by a Windows pipe.
var errNotAsked = errors.New("not checked")

// engineClient returns a client and the base URL of its requests.
func engineClient(address string, e config.Engine) (*http.Client, string, error) {
	scheme, rest, found := strings.Cut(address, "://")
	if !found {
		return nil, "", errors.New("the address has no scheme: write unix:///PATH, tcp://HOST:PORT or ssh://USER@HOST")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableKeepAlives = true
	client := &http.Client{Transport: transport}
	switch scheme {
	case "unix":
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", rest)
		}
		return client, "http://docker", nil // the host has no effect
	case "tcp", "http", "https":
		secure, err := engineTLS(e)
		if err != nil {
			return nil, "", err
		}
		if secure == nil && scheme != "https" {
			return client, "http://" + rest, nil
		}
		transport.TLSClientConfig = secure
		return client, "https://" + rest, nil
	}
	return nil, "", errNotAsked
}

// engineInfo is the used part of an engine's response to GET /info.
type engineInfo struct {
	RegistryConfig struct {
		InsecureRegistryCIDRs []netip.Prefix
		IndexConfigs          map[string]struct{ Secure bool }
	}
}

func askEngine(ctx context.Context, client *http.Client, base string) (engineInfo, error) {
	var info engineInfo
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/info", nil)
	if err != nil {
		return info, err //nolint:wrapcheck // engine names the address
	}
	answer, err := client.Do(request)
	if err != nil {
		if failed, ok := errors.AsType[*url.Error](err); ok {
			err = failed.Err // the URL of a socket is internal
		}
		return info, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return info, fmt.Errorf("GET /info: %s", answer.Status)
	}
	if err := json.NewDecoder(answer.Body).Decode(&info); err != nil {
		return info, fmt.Errorf("the response to GET /info is not that of a Docker engine: %w", err)
	}
	return info, nil
}

// check compares registry.insecure with the engine's insecure-registries. An engine that lists no registry at all,
// such as Podman, stores its list elsewhere and is accepted.
func (i engineInfo) check(ctx context.Context, address string, r config.Registry) error {
	known := i.RegistryConfig
	if !r.Insecure || r.Server == "" || len(known.IndexConfigs)+len(known.InsecureRegistryCIDRs) == 0 {
		return nil
	}
	for server, index := range known.IndexConfigs {
		if config.CanonicalServer(server) == r.Server && !index.Secure {
			return nil
		}
	}
	resolved, _ := net.DefaultResolver.LookupNetIP(ctx, "ip", r.Host()) // unknown names are reported by the registry's check
	for _, ip := range resolved {
		for _, prefix := range known.InsecureRegistryCIDRs {
			if prefix.Contains(ip.Unmap()) {
				return nil
			}
		}
	}
	return fmt.Errorf("registry.insecure is true, but the Docker engine at %s does not have %s as an insecure registry: add %q to insecure-registries in the engine's daemon.json and restart it, or set images.builder %s",
		address, r.Server, r.Server, config.BuilderBuildKit)
}
