package preflight

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"hankki/internal/config"
	client "hankki/internal/registry"
)

// pullSecret checks that nodes can pull with the Secret: its type, its login for the registry, and that the registry accepts the
// login. Messages contain no password. A registry that does not respond is reported by the check of the registry.
func pullSecret(ctx context.Context, c *config.Config, r config.SecretReference, secret *corev1.Secret) (errs []error) {
	if c.Registry.Server == "" || c.Registry.Username == "" || r.Key != corev1.DockerConfigJsonKey {
		return nil // rejected by package config
	}
	wrong := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: Secret %s/%s: %w", r.Path(), c.Namespace, r.Name, fmt.Errorf(format, args...)))
	}
	if secret.Type != corev1.SecretTypeDockerConfigJson {
		wrong("the type is %s: nodes pull with the type %s only", secret.Type, corev1.SecretTypeDockerConfigJson)
	}
	content, found := secret.Data[r.Key]
	if !found {
		return append(errs, lacksKey(c, r, secret))
	}
	logins, err := client.ParseLogins(content)
	if err != nil {
		wrong("key %s: %w", r.Key, err)
		return errs
	}
	if err := pullLogin(ctx, c, r.Key, logins); err != nil {
		wrong("%w", err)
	}
	return errs
}

// pullLogin checks the login for the registry among those of the Secret's key.
func pullLogin(ctx context.Context, c *config.Config, key string, logins client.Logins) error {
	login, found := logins.At(c.Registry.Server)
	switch {
	case !found || login.Username != c.Registry.Username:
		return fmt.Errorf("key %s has no login of the user %q at registry.server %q: it has %s; correct the Secret, registry.server or registry.username", key, c.Registry.Username, c.Registry.Server, logins)
	case login.Password == "":
		return fmt.Errorf("key %s: the login of the user %q at %q has no password", key, login.Username, c.Registry.Server)
	}
	server, err := client.New(c.Registry, login.Password)
	if err != nil {
		return nil //nolint:nilerr // reported by the check of the registry
	}
	if err := server.CheckLogin(ctx); client.IsRefused(err) {
		return fmt.Errorf("key %s: registry.server %q refuses the login of the user %q: %s", key, c.Registry.Server, login.Username, oneLine([]error{err}))
	}
	return nil
}
