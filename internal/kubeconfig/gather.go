package kubeconfig

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Gathering reads objects and lists concurrently. A resource that does not exist, or that the user of the kubeconfig may not read,
// is no error: Wait returns it as unknown.
type Gathering struct {
	client Client
	group  errgroup.Group

	mu      sync.Mutex
	unknown map[string]error
}

// NewGathering reads with the client.
func NewGathering(c Client) *Gathering { return &Gathering{client: c, unknown: map[string]error{}} }

// Get starts to read one object into the value; what names it in errors and among the unknown resources.
func (g *Gathering) Get(ctx context.Context, into any, what, path string) {
	g.group.Go(func() error { return g.note(what, g.client.Get(ctx, path, into)) })
}

// GatherList starts to read the items of a list. Parameters are pairs, as those of Client.Get.
func GatherList[T any](ctx context.Context, g *Gathering, into *[]T, what, path string, parameters ...string) {
	g.group.Go(func() (err error) {
		*into, err = List[T](ctx, g.client, path, parameters...)
		return g.note(what, err)
	})
}

// Wait waits for all responses. It returns the errors of the unknown resources by what, each accepted by apierrors.IsNotFound or
// IsForbidden, and the first other error, which names its resource.
func (g *Gathering) Wait() (unknown map[string]error, err error) {
	err = g.group.Wait()
	return g.unknown, err //nolint:wrapcheck // see above
}

func (g *Gathering) note(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case !apierrors.IsNotFound(err) && !apierrors.IsForbidden(err):
		return fmt.Errorf("reading %s: %w", what, err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.unknown[what] = err
	return nil
}
