// Package destroy removes a stack's objects. Objects that hold data, and objects that others use, can be kept.
package destroy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"

	"hankki/internal/cluster"
	"hankki/internal/deletion"
	"hankki/internal/stack"
)

// Values of Options.Data.
const (
	KeepData   = "keep"   // keep PersistentVolumeClaims, their namespaces and the generated passwords
	DeleteData = "delete" // delete them
)

// Values of Options.Shared, for MetalLB, metrics-server and the deployers of sites if the stack created them.
const (
	RefuseShared = "refuse" // return an error while others use them
	KeepShared   = "keep"   // keep them in the cluster, without a stack
	DeleteShared = "delete" // delete them
)

// Options of a destroy.
type Options struct {
	Data   string    // KeepData or DeleteData
	Shared string    // RefuseShared, KeepShared or DeleteShared
	Log    io.Writer // progress
}

// Run destroys the stack and returns what remains of it.
func Run(ctx context.Context, s *stack.Stack, o Options) (Left, error) {
	state, client, err := s.Deployed(ctx)
	if err != nil {
		return Left{}, err
	}
	site := site{client: client, owner: s.Owner(), id: state.OwnerID(), objects: state.Objects(), uids: state.UIDs(), sites: sitesOf(state)}
	used, err := site.used(ctx, s.Name(), o.Shared)
	if err != nil {
		return Left{}, err
	}
	excluded, err := site.prepare(ctx, s, state, used, o.Data)
	if err != nil {
		return Left{}, err
	}
	if len(state.Resources) > 0 {
		if err := destroy(ctx, s, client, excluded, o.Log); err != nil {
			return Left{}, err
		}
	}
	others := sharedObjects(state, used)
	site.objects = slices.DeleteFunc(site.objects, func(o cluster.Object) bool { return slices.Contains(others, o) })
	left, err := site.leave(ctx, o)
	for _, object := range others {
		if object.Kind != cluster.NamespaceKind { // leave lists namespaces
			left.Objects = append(left.Objects, keep(object, usedByOthers))
		}
	}
	left.Images = state.Images()
	return left, err
}

// used lists how others use the stack's shared components. With RefuseShared any use is an error.
func (s site) used(ctx context.Context, name, shared string) ([]use, error) {
	if shared == DeleteShared {
		return nil, nil
	}
	used, err := s.shared(ctx)
	if err == nil && len(used) > 0 && shared == RefuseShared {
		return nil, sharedError(name, used)
	}
	return used, err
}

// prepare configures the engine to keep objects. It returns the URNs that stay in the state.
func (s site) prepare(ctx context.Context, of *stack.Stack, state *stack.State, used []use, data string) (excluded []string, err error) {
	// Annotate before the first change, so that kept objects are found even if a later step fails.
	if err := s.mark(ctx); err != nil {
		return nil, err
	}
	if err := s.share(ctx, state, used); err != nil {
		return nil, err
	}
	if err := retain(ctx, of, state, used); err != nil {
		return nil, err
	}
	h, err := s.remaining(ctx)
	if err != nil || len(h.claims) == 0 || data == DeleteData {
		return nil, err
	}
	return state.Stashes(), nil // the data on the volumes is unreadable without the generated passwords
}

// retain sets retainOnDelete in the state for claims, namespaces, images and shared objects. Claims and namespaces
// are deleted afterwards if they must be. Earlier versions did not set it.
func retain(ctx context.Context, s *stack.Stack, state *stack.State, used []use) error {
	changed := false
	for _, r := range state.Resources {
		o, isObject := r.Object()
		if isObject && (o.Kind == cluster.ClaimKind || o.Kind == cluster.NamespaceKind) || isImage(r.Type) || keptForOthers(r, used) {
			changed = r.Retain() || changed
		}
	}
	if !changed {
		return nil
	}
	return s.Write(ctx, state)
}

func isImage(resourceType string) bool {
	return resourceType == "docker-build:index:Image" || resourceType == "docker:index/image:Image"
}

// destroy runs `pulumi destroy` and explains deletions that take long.
func destroy(ctx context.Context, s *stack.Stack, client *cluster.Client, excluded []string, log io.Writer) error {
	err := deletion.During(ctx, client, log, func(stream chan<- events.EngineEvent) error {
		options := []optdestroy.Option{
			optdestroy.ProgressStreams(log), optdestroy.ErrorProgressStreams(log), optdestroy.SuppressProgress(), optdestroy.SuppressOutputs(),
			optdestroy.RunProgram(false), optdestroy.EventStreams(stream),
		}
		if len(excluded) > 0 {
			options = append(options, optdestroy.Exclude(excluded))
		}
		_, err := s.Destroy(ctx, options...)
		return err //nolint:wrapcheck // Pulumi has printed the error
	})
	if err != nil {
		return errors.Join(fmt.Errorf("pulumi destroy of stack %s failed; its output is above; run `make destroy` again to continue", s.Name()),
			context.Cause(ctx))
	}
	return nil
}
