// Package preflight asks the systems that a deployment needs whether they are there and let us in, before anything is
// built or changed. It changes nothing itself.
package preflight

import (
	"context"
	"errors"
	"sync"
	"time"

	"hankki/config"
)

// timeout bounds each check: longer than a slow handshake on a LAN, shorter than a person's patience.
const timeout = 5 * time.Second

// Check asks the cluster, the registry and the Docker engine side by side. Its error lists each that does not answer, with the
// configuration key that leads to it. Rendering manifests needs neither.
func Check(ctx context.Context, c *config.Config) error {
	if c.Render.Directory != "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	checks := []func(context.Context, *config.Config) error{cluster, registry, engine}
	errs := make([]error, len(checks))
	var wg sync.WaitGroup
	for i, check := range checks {
		wg.Go(func() { errs[i] = check(ctx, c) })
	}
	wg.Wait()
	return errors.Join(errs...)
}
