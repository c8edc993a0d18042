// Package destroy takes a stack away: all of its objects, but for what holds data and for what others use.
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

// What becomes of data.
const (
	KeepData   = "keep"   // PersistentVolumeClaims stay, with their namespaces and the passwords that were generated for them
	DeleteData = "delete" // they go
)

// What becomes of what the stack brought and others use: MetalLB, metrics-server.
const (
	RefuseShared = "refuse" // the destroy is refused while others use it
	KeepShared   = "keep"   // it stays in the cluster, without a stack
	DeleteShared = "delete" // it goes
)

// Options of a destroy.
type Options struct {
	Data   string    // KeepData or DeleteData
	Shared string    // RefuseShared, KeepShared or DeleteShared
	Log    io.Writer // gets what happens meanwhile
}

// Run destroys the stack and returns what is left of it.
func Run(ctx context.Context, s *stack.Stack, o Options) (Left, error) {
	state, client, err := s.Deployed(ctx)
	if err != nil {
		return Left{}, err
	}
	site := site{client: client, owner: s.Owner(), id: state.OwnerID(), objects: state.Objects(), uids: state.UIDs()}
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
		if object.Kind != cluster.NamespaceKind { // which are listed already
			left.Objects = append(left.Objects, keep(object, usedByOthers))
		}
	}
	left.Images = state.Images()
	return left, err
}

// used lists the uses that others make of what is to stay for them, or refuses the destroy because of them.
func (s site) used(ctx context.Context, name, shared string) ([]use, error) {
	if shared == DeleteShared {
		return nil, nil
	}
	used, err := s.shared(ctx)
	if err == nil && len(used) > 0 && shared == RefuseShared {
		return nil, refusal(name, used)
	}
	return used, err
}

// prepare has the engine leave alone what is to stay. It returns the URNs that stay in the state.
func (s site) prepare(ctx context.Context, of *stack.Stack, state *stack.State, used []use, data string) (excluded []string, err error) {
	// Before the first change, so that what is kept is found by its mark whatever happens next.
	if err := s.mark(ctx); err != nil {
		return nil, err
	}
	if err := s.share(ctx, state, used); err != nil {
		return nil, err
	}
	if err := retain(ctx, of, state, used); err != nil {
		return nil, err
	}
	h, err := s.kept(ctx)
	if err != nil || len(h.claims) == 0 || data == DeleteData {
		return nil, err
	}
	return state.Stashes(), nil // without the generated passwords nothing can read what is on the volumes
}

// retain writes into the state what the engine must leave alone: claims and namespaces, which are removed afterwards if
// at all, images, and what others use. Earlier versions did not write that down themselves.
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

// destroy runs `pulumi destroy`, and tells what a deletion waits for.
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
		return err //nolint:wrapcheck // what Pulumi printed stands above
	})
	if err != nil {
		return errors.Join(fmt.Errorf("pulumi destroy of stack %s failed; what it printed is above; `make destroy` again goes on from here", s.Name()),
			context.Cause(ctx))
	}
	return nil
}
