package review

import (
	"context"
	"fmt"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
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
	steps      steps
	prepare    func() (tools, error) // runs once, if a stack is not cached
}

// tools are what each preview of a revision needs besides its program.
type tools struct {
	charts staging.Charts
	cli    auto.PulumiCommand
}

func newRenderer(ctx context.Context, repository repository, revision Revision, scratch, pack string, cache cache, steps steps) *renderer {
	r := &renderer{repository: repository, revision: revision, scratch: scratch, pack: pack, cache: cache, steps: steps}
	r.prepare = sync.OnceValues(func() (tools, error) { return r.tools(ctx) })
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
	tools, err := r.prepare()
	if err != nil {
		return one, err
	}
	if err := r.steps.run("preview of "+stack+" at "+r.revision.Name, func() (err error) {
		one.resources, err = r.preview(ctx, stack, tools)
		return err
	}); err != nil {
		return one, err
	}
	return one, r.cache.put(r.revision.tree, stack, one.resources)
}

// tools makes the checkout a project that runs the program of the revision. It compiles the program and finds the tools
// concurrently.
func (r *renderer) tools(ctx context.Context) (found tools, err error) {
	group, limited := errgroup.WithContext(ctx)
	var program string
	group.Go(func() error {
		return r.steps.run("program of "+r.revision.Name, func() (err error) {
			program, err = r.repository.build(limited, r.revision, r.cache.folder, r.scratch)
			return err
		})
	})
	group.Go(func() error {
		return r.steps.run("tools of "+r.revision.Name, func() (err error) {
			if found.cli, err = auto.NewPulumiCommand(nil); err != nil { // once for all stacks: it runs the CLI
				return fmt.Errorf("finding the Pulumi CLI: %w", err)
			}
			found.charts, err = staging.Tools(limited, r.revision.folder)
			return err
		})
	})
	if err := group.Wait(); err != nil {
		return found, err //nolint:wrapcheck // the functions above name what failed
	}
	return found, staging.Project(r.revision.folder, r.revision.folder, program)
}
