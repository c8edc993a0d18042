// Package preflight checks that the systems that a deployment needs respond and grant access, before images are built
// or objects changed. It changes nothing itself.
package preflight

import (
	"context"
	"errors"
	"sync"

	"k8s.io/client-go/rest"

	"hankki/internal/config"
)

// Check checks the cluster, the registry and the Docker engine concurrently. Its error lists each that does not
// respond, with the configuration key that refers to it. A nil client skips the cluster. Once the cluster responds,
// inspect checks its objects.
func Check(ctx context.Context, c *config.Config, client *rest.Config, inspect func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if !c.HasSite() { // it builds no images
		return cluster(ctx, c, client, inspect)
	}
	return concurrently(
		func() error { return registry(ctx, c) },
		func() error { return engine(ctx, c) },
		func() error { return cluster(ctx, c, client, inspect) },
	)
}

// concurrently runs the checks concurrently, and joins their errors in the order of the checks.
func concurrently(checks ...func() error) error {
	errs := make([]error, len(checks))
	var wg sync.WaitGroup
	for i, check := range checks {
		wg.Go(func() { errs[i] = check() })
	}
	wg.Wait()
	return errors.Join(errs...)
}
