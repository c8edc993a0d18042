package review

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"hankki/internal/manifest"
	"hankki/internal/staging"
)

// rendering is the set of resources that a stack's program registers at a revision.
type rendering struct {
	file      stackFile
	exists    bool // whether the revision has the stack
	resources []manifest.Resource
}

// renderer renders one revision in its checkout, which it modifies.
type renderer struct {
	repository repository
	revision   Revision
	scratch    string // temporary folder
	pack       string // the policy pack that records
	cache      cache
	prepare    func() (staging.Charts, error) // runs once, if a stack is not cached
}

func newRenderer(ctx context.Context, repository repository, revision Revision, scratch, pack string, cache cache) *renderer {
	r := &renderer{repository: repository, revision: revision, scratch: scratch, pack: pack, cache: cache}
	r.prepare = sync.OnceValues(func() (staging.Charts, error) { return r.tools(ctx) })
	return r
}

// all renders the stacks concurrently.
func (r *renderer) all(ctx context.Context, stacks []string) ([]rendering, error) {
	renderings := make([]rendering, len(stacks))
	group, ctx := errgroup.WithContext(ctx)
	for i, stack := range stacks {
		group.Go(func() error {
			var err error
			if renderings[i], err = r.one(ctx, stack); err != nil {
				return fmt.Errorf("stack %s at %s can't be rendered: %w", stack, r.revision.Name, err)
			}
			return nil
		})
	}
	return renderings, group.Wait() //nolint:wrapcheck // the functions above name the stack and the revision
}

func (r *renderer) one(ctx context.Context, stack string) (rendering, error) {
	file, exists, err := readStack(r.revision.folder, stack)
	if err != nil || !exists {
		return rendering{}, err
	}
	one := rendering{file: file, exists: true}
	if one.resources, exists = r.cache.get(r.revision.tree, stack); exists {
		return one, nil
	}
	charts, err := r.prepare()
	if err != nil {
		return one, err
	}
	if one.resources, err = r.preview(ctx, stack, charts); err != nil {
		return one, err
	}
	return one, r.cache.put(r.revision.tree, stack, one.resources)
}

// tools makes the checkout a project that runs the program of the revision, and returns the revision's charts.
func (r *renderer) tools(ctx context.Context) (staging.Charts, error) {
	program, err := r.repository.build(ctx, r.revision, r.cache.folder, r.scratch)
	if err != nil {
		return nil, err
	}
	charts, err := staging.Tools(ctx, r.revision.folder)
	if err != nil {
		return nil, err
	}
	return charts, staging.Project(r.revision.folder, r.revision.folder, program)
}
