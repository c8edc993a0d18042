// Package rollback runs the images of an earlier release of a stack again.
package rollback

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"

	"hankki/internal/config"
	"hankki/internal/history"
	"hankki/internal/registry"
	"hankki/internal/stack"
)

// Options of a rollback.
type Options struct {
	// To is the version of an update. 0: that of the last rollback, if it was the last update or only failed ones followed, and it
	// failed or was killed; otherwise the last one that succeeded with other images than those that run.
	To  int
	Log io.Writer // progress
}

// Result of a rollback.
type Result struct {
	From   int               `json:"from"` // version of the newest update before
	To     int               `json:"to"`
	Images map[string]string `json:"images"` // now in images.use
}

// Run writes the images of an earlier release to images.use, and deploys the stack. It refuses, in one error, a release that
// the database or the registry no longer admits. Then nothing has changed.
func Run(ctx context.Context, s *stack.Stack, o Options) (Result, error) {
	updates, err := history.List(ctx, s)
	if err != nil {
		return Result{}, err
	}
	state, err := s.State(ctx)
	if err != nil {
		return Result{}, err
	}
	c, client, err := s.Registry(ctx)
	if err != nil {
		return Result{}, err
	}
	all := withKilled(updates, state, inUse(c))
	target, err := choose(all, o.To)
	if err != nil {
		return Result{}, fmt.Errorf("stack %s: %w; nothing has changed", s.Name(), err)
	}
	if all, err = withMigration(ctx, all, s, state); err != nil {
		return Result{}, fmt.Errorf("stack %s: %w; nothing has changed", s.Name(), err)
	}
	gone, err := missing(ctx, c, client, target.Images)
	if err != nil {
		return Result{}, fmt.Errorf("stack %s: %w; nothing has changed", s.Name(), err)
	}
	if refused := errors.Join(contract(all, target), gone); refused != nil {
		return Result{}, fmt.Errorf("stack %s can't be rolled back to release %d, and nothing has changed:\n%w", s.Name(), target.Version, refused)
	}
	fmt.Fprintf(o.Log, "stack %s: release %d runs again\n", s.Name(), target.Version)
	if err := s.Use(ctx, target.Images); err != nil {
		return Result{}, err
	}
	if err := s.Deploy(ctx, o.Log, optup.Message(message(target.Version))); err != nil {
		return Result{}, fmt.Errorf("%w; hankki:images.use has the images of release %d: fix the error and run `pulumi up`", err, target.Version)
	}
	return Result{From: updates[0].Version, To: target.Version, Images: target.Images}, nil
}

// messageFormat is the message of the update in Pulumi's history, with the number of the release.
const messageFormat = "rollback to release %d"

func message(to int) string { return fmt.Sprintf(messageFormat, to) }

// choose returns the release to run again. The updates are sorted, newest first.
func choose(updates []history.Update, to int) (history.Update, error) {
	runs := func(u history.Update) bool { return u.Images != nil && maps.Equal(u.Images, updates[0].Images) } // after a failed update, none
	if to == 0 {
		to = interrupted(updates)
	}
	if to == 0 {
		i := slices.IndexFunc(updates, func(u history.Update) bool { return u.Images != nil && !runs(u) })
		if i < 0 {
			return history.Update{}, errors.New("no earlier release with other images is known: `make releases` lists all")
		}
		return updates[i], nil
	}
	i := slices.IndexFunc(updates, func(u history.Update) bool { return u.Version == to })
	if i < 0 {
		return history.Update{}, fmt.Errorf("no update %d is in its history: `make releases` lists all", to)
	}
	switch u := updates[i]; {
	case u.Result != history.Succeeded:
		return u, fmt.Errorf("update %d is no release: its result is %q", to, u.Result)
	case u.Images == nil:
		return u, fmt.Errorf("the images of release %d are not known: hankki has recorded them since a later one, and keeps the last 20", to)
	case runs(u):
		return u, fmt.Errorf("release %d has the images that run", to)
	default:
		return u, nil
	}
}

// interrupted returns the release of the last rollback, if neither it nor a later update has succeeded; otherwise 0.
func interrupted(updates []history.Update) int {
	for _, u := range updates {
		if u.Result == history.Succeeded {
			break
		}
		to := 0
		if _, err := fmt.Sscanf(u.Message, messageFormat, &to); err == nil {
			return to
		}
	}
	return 0
}

// missing returns an error that lists the images which the stack can't run: its registry does not have them.
func missing(ctx context.Context, c *config.Config, client *registry.Client, images map[string]string) (gone, err error) {
	c.Images.Use = config.UseOf(images)
	lacks, failed := make([]error, len(config.ImageNames)), make([]error, len(config.ImageNames))
	var wg sync.WaitGroup
	for i, tier := range config.ImageNames {
		digest, err := c.Digest(tier)
		if err != nil {
			lacks[i] = fmt.Errorf("image %q: %w", tier, err)
			continue
		}
		wg.Go(func() {
			found, err := client.Has(ctx, digest.Context().Name(), digest.DigestStr())
			if failed[i] = err; err == nil && !found {
				lacks[i] = fmt.Errorf("image %q: the registry does not have %s any more", tier, digest)
			}
		})
	}
	wg.Wait()
	return errors.Join(lacks...), errors.Join(failed...)
}
