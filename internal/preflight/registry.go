package preflight

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"hankki/internal/config"
	client "hankki/internal/registry"
)

// registry checks the permission to push to the repository of each image, with this machine's credentials. With images.use it
// checks the images instead.
func registry(ctx context.Context, c *config.Config) error {
	r := c.Registry
	if r.Server == "" || r.Username != "" && c.Secrets.RegistryPassword == "" && !c.UsesDockerLogin() {
		return nil // config has reported what is missing; an empty password would count as a failed login
	}
	server, err := client.Of(c)
	if err != nil {
		return err
	}
	if c.Images.Use.Given() {
		return existing(ctx, c, server)
	}
	errs := make([]error, len(config.ImageNames))
	var wg sync.WaitGroup
	for i, image := range config.ImageNames {
		wg.Go(func() { errs[i] = server.CheckPush(ctx, c.Repository(image)) })
	}
	wg.Wait()
	if err := errors.Join(errs...); timedOut(err) {
		return Slow(fmt.Sprintf("registry.server %q: checking the permission to push", r.Server), err)
	} else if err != nil {
		return fmt.Errorf("registry.server %q, user %q: pushing is not possible: %s; start the registry, or %s", r.Server, server.Username(), oneLine(errs), correctLogin(c))
	}
	return nil
}

// correctLogin names the source of this machine's credentials.
func correctLogin(c *config.Config) string {
	if c.UsesDockerLogin() {
		return fmt.Sprintf("correct hankki:registry, or log in again with `docker login %s`", c.Registry.Server)
	}
	return "correct hankki:registry and hankki:registryPassword"
}

// oneLine joins the errors in one line, without duplicates: an unreachable registry fails for all repositories alike.
func oneLine(errs []error) string {
	var texts []string
	for _, err := range errs {
		if err != nil {
			texts = append(texts, strings.Join(strings.Fields(err.Error()), " ")) // a registry's response may have several lines
		}
	}
	slices.Sort(texts)
	return strings.Join(slices.Compact(texts), "; ")
}
