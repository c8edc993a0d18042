// Package promote makes one stack run the images of another one.
package promote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"hankki/internal/config"
	"hankki/internal/registry"
	"hankki/internal/stack"
)

// Options of a promotion.
type Options struct {
	Yes bool      // copy the images and change the stack's file; otherwise only report
	Log io.Writer // progress
}

// Image is one image of a promotion.
type Image struct {
	Tier string `json:"tier"`
	From string `json:"from"` // REPOSITORY@sha256:… of the source stack
	To   string `json:"to"`   // of the target stack: the same digest
	Copy bool   `json:"copy"` // the target's repository does not have it yet
}

// Result of a promotion.
type Result struct {
	Images []Image `json:"images"`
	Done   bool    `json:"done"`
}

// promotion copies between the registries of two stacks.
type promotion struct {
	source, target *registry.Client
	repository     func(tier string) string // of the target
}

// Run compares the images that the stack from runs with the registry of the stack to. With Yes it copies the missing ones by
// their digest, and then writes all to images.use of the stack to. The next up deploys them.
func Run(ctx context.Context, from, to *stack.Stack, o Options) (Result, error) {
	if from.Name() == to.Name() {
		return Result{}, fmt.Errorf("stack %s can't be promoted to itself", from.Name())
	}
	state, err := from.State(ctx)
	if err != nil {
		return Result{}, err
	}
	running, _ := state.Output("images").(map[string]any) // absent before the first up
	_, source, unreadable := from.Registry(ctx)
	c, target, invalid := to.Registry(ctx)
	if err := errors.Join(unreadable, invalid); err != nil {
		return Result{}, err
	}
	p := promotion{source, target, c.Repository}
	result, err := p.plan(ctx, running)
	if err != nil {
		return Result{}, fmt.Errorf("stack %s can't be promoted to stack %s, and nothing has changed:\n%w", from.Name(), to.Name(), err)
	}
	if !o.Yes {
		return result, nil
	}
	if err := p.copyAll(ctx, result.Images, o.Log); err != nil {
		return result, fmt.Errorf("%w; the file of stack %s has not changed; the same command continues", err, to.Name())
	}
	use := map[string]string{}
	for _, image := range result.Images {
		use[image.Tier] = image.To
	}
	if err := to.Use(ctx, use); err != nil {
		return result, err
	}
	result.Done = true
	return result, nil
}

// plan returns the images, and an error that lists all that can't be promoted.
func (p promotion) plan(ctx context.Context, running map[string]any) (Result, error) {
	var result Result
	var errs []error
	for _, tier := range config.ImageNames {
		ref, _ := running[tier].(string)
		repository, digest, found := strings.Cut(ref, "@")
		if !found {
			errs = append(errs, fmt.Errorf("image %q: the stack's output images does not have it: run `pulumi up` of that stack first", tier))
			continue
		}
		image := Image{Tier: tier, From: ref, To: p.repository(tier) + "@" + digest}
		present, err := p.target.Has(ctx, p.repository(tier), digest)
		if err == nil && !present {
			image.Copy = true
			present, err = p.source.Has(ctx, repository, digest)
		}
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("image %q: %w", tier, err))
		case !present:
			errs = append(errs, fmt.Errorf("image %q: the registry does not have %s any more", tier, ref))
		}
		result.Images = append(result.Images, image)
	}
	return result, errors.Join(errs...)
}

func (p promotion) copyAll(ctx context.Context, images []Image, log io.Writer) error {
	for _, image := range images {
		repository, digest, _ := strings.Cut(image.From, "@")
		if !image.Copy { // it may lack its immutable tag
			if _, err := p.target.Keep(ctx, p.repository(image.Tier), digest); err != nil {
				return fmt.Errorf("image %q: %w", image.Tier, err)
			}
			continue
		}
		fmt.Fprintf(log, "image %q: copying %s to %s\n", image.Tier, image.From, p.repository(image.Tier))
		if err := p.target.Copy(ctx, p.source, repository, digest, p.repository(image.Tier)); err != nil {
			return fmt.Errorf("image %q: %w", image.Tier, err)
		}
	}
	return nil
}
