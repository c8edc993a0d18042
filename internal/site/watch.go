package site

import (
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/client-go/rest"

	"hankki/components"
	"hankki/internal/config"
	"hankki/internal/reach"
	"hankki/internal/rollout"
)

// newRollout has the cluster confirm that pods came up and that the LAN reaches them, or explain why not. Without a client, manifests
// are only rendered. With drain, previous pods end before objects are deleted.
func newRollout(ctx *pulumi.Context, cfg *config.Config, client *rest.Config, drain bool) (components.Rollout, error) {
	r := components.Rollout{Timeout: cfg.RolloutTimeout}
	if client == nil {
		return r, nil
	}
	watch, err := rollout.NewWatch(ctx, client, time.Duration(r.Timeout)*time.Second, drain)
	if err != nil {
		return components.Rollout{}, err
	}
	lan := reach.NewWatch(ctx, client, inMetalLB(cfg.MetalLB), time.Duration(r.Timeout)*time.Second)
	r.Watch = components.RolloutWatch{Explain: watch.Explain, Note: watch.Note, Confirm: watch.Confirm, Issued: watch.Issued}
	if cfg.Command.Handover == "" { // else another site still has the addresses
		r.Watch.Reach = lan.Confirm
	}
	return r, nil
}

// inMetalLB is what the stack makes in MetalLB's namespace.
func inMetalLB(m config.MetalLB) reach.Stack {
	if m.Manage == config.ManageNone {
		return reach.Stack{}
	}
	return reach.Stack{Namespace: m.Namespace, Pool: m.Pool, Advertisement: m.Advertisement, Addresses: m.Addresses}
}
