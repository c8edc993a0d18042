package review

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"hankki/internal/manifest"
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
	prepare    func() (tools, error) // runs once, if a stack is not cached
}

// tools are shared by all renderings of a revision.
type tools struct {
	charts map[string]string // folders of the charts, by configuration section
}

func newRenderer(ctx context.Context, repository repository, revision Revision, scratch, pack string, cache cache) *renderer {
	r := &renderer{repository: repository, revision: revision, scratch: scratch, pack: pack, cache: cache}
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
	built, err := r.prepare()
	if err != nil {
		return one, err
	}
	if one.resources, err = r.preview(ctx, stack, file, built); err != nil {
		return one, err
	}
	return one, r.cache.put(r.revision.tree, stack, one.resources)
}

// tools builds the program of the revision, and locates its charts and provider with the revision's own scripts.
func (r *renderer) tools(ctx context.Context) (tools, error) {
	program, err := r.repository.build(ctx, r.revision, r.cache.folder, r.scratch)
	if err != nil {
		return tools{}, err
	}
	if _, err := r.run(ctx, "tools/plugin.sh", "kubernetes"); err != nil {
		return tools{}, err
	}
	t := tools{charts: map[string]string{}}
	for section, name := range map[string]string{"hankki:metallb": "metallb", "hankki:metricsServer": "metrics-server"} {
		chart, err := r.run(ctx, "tools/chart.sh", name)
		if err != nil {
			return t, err
		}
		t.charts[section] = chart
	}
	return t, stageProject(r.revision.folder, program)
}

// run runs a command in the checkout and returns its output.
func (r *renderer) run(ctx context.Context, name string, args ...string) (string, error) {
	if strings.Contains(name, "/") {
		name = filepath.Join(r.revision.folder, name)
	}
	c := exec.CommandContext(ctx, name, args...) //nolint:gosec // a script of the checkout
	c.Dir, c.Env = r.revision.folder, append(os.Environ(), "GOWORK=off")
	var out, log bytes.Buffer
	c.Stdout, c.Stderr = &out, &log
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w:\n%s", filepath.Base(name), strings.Join(args, " "), err, strings.TrimSpace(log.String()))
	}
	return strings.TrimSpace(out.String()), nil
}
