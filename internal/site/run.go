// Package site deploys the site: it checks everything that the stack needs and changes, and creates the components.
package site

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Run checks everything first and reports all errors at once, before anything is built or changed.
func Run(ctx *pulumi.Context) error {
	cfg, err := load(ctx)
	guard, refusal := newGuard(ctx, cfg, err == nil)
	if err := errors.Join(err, refusal); err != nil {
		return fmt.Errorf("stack %s can't be deployed:\n%w", ctx.Stack(), err)
	}
	wait, err := newWait(ctx, cfg, guard.client, guard.deletes)
	if err != nil {
		return err
	}
	cluster, err := guard.register(ctx, cfg)
	if err != nil {
		return err
	}
	pushed, err := newPushedImages(ctx, cfg, guard.has)
	if err != nil {
		return err
	}
	return deploy(ctx, cfg, deployerKubeconfig(guard.client), cluster, wait, pushed)
}
