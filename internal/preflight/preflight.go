// Package preflight asks the systems that a deployment needs whether they are there and let us in, before anything is
// built or changed. It changes nothing itself.
package preflight

import (
	"context"
	"errors"
	"sync"

	"k8s.io/client-go/rest"

	"hankki/internal/config"
)

// Check asks the cluster, the registry and the Docker engine side by side. Its error lists each that does not answer, with
// the configuration key that leads to it. The cluster is asked through client; nil: there is no way to it, and it is not asked. Once it
// answers, inspect looks at its objects.
func Check(ctx context.Context, c *config.Config, client *rest.Config, inspect func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return sideBySide(
		func() error { return registry(ctx, c) },
		func() error { return engine(ctx, c) },
		func() error { return cluster(ctx, c, client, inspect) },
	)
}

// sideBySide runs the checks at the same time, and joins their errors in the order of the checks.
func sideBySide(checks ...func() error) error {
	errs := make([]error, len(checks))
	var wg sync.WaitGroup
	for i, check := range checks {
		wg.Go(func() { errs[i] = check() })
	}
	wg.Wait()
	return errors.Join(errs...)
}
