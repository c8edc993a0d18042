package site

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/client-go/rest"

	"hankki/components"
	"hankki/internal/config"
	"hankki/internal/kubeconfig"
	"hankki/internal/ownership"
	"hankki/internal/preflight"
	"hankki/internal/state"
)

// guard keeps the stack to its own objects and to its own cluster.
type guard struct {
	owner   ownership.Owner
	client  *rest.Config   // the way to the cluster; nil: manifests are only rendered
	uid     string         // of the cluster
	has     state.State    // what the stack has
	charts  renderedCharts // nil until they are needed, as cluster
	cluster pulumi.ProviderResource
	deletes bool // objects of the stack are not wanted any more
}

// newGuard looks at what the deployment needs, and at all that the stack would have, beside what its state and the cluster
// have. It changes nothing. Without a valid configuration, what the stack would have is not known, but for its cluster and its
// addresses.
func newGuard(ctx *pulumi.Context, cfg *config.Config, valid bool) (*guard, error) {
	g := &guard{}
	if cfg.Render.Directory != "" {
		g.owner = ownership.NewRendered(ctx.Project(), ctx.Stack())
		has, err := state.Read(ctx)
		return g, errors.Join(err, ownership.CheckRendering(cfg.Render.Directory, has))
	}
	client, err := kubeconfig.Load(cfg.KubeContext)
	g.client = client
	inspect := func(deadline context.Context) error { return g.inspect(deadline, ctx, cfg, valid) }
	return g, errors.Join(err, preflight.Check(ctx.Context(), cfg, client, inspect))
}

// inspect refuses to go on with another cluster than before, and to take over, move or replace objects.
func (g *guard) inspect(deadline context.Context, ctx *pulumi.Context, cfg *config.Config, valid bool) error {
	has, err := state.Read(ctx)
	if err != nil {
		return err
	}
	g.has = has
	if err := ownership.CheckRendering(cfg.Render.Directory, has); err != nil {
		return err
	}
	var unknown error // which cluster it is; the rest is checked all the same
	g.uid, unknown = ownership.ClusterUID(deadline, g.client)
	if unknown = g.slow("its identity", unknown); unknown == nil {
		if err := ownership.CheckCluster(g.uid, g.client.Host, has); err != nil {
			return err // the objects of another cluster tell nothing of this stack
		}
	}
	own := newOwnObjects(ctx, has)
	lan := g.inspectLAN(deadline, ctx, cfg, own)
	secrets := g.inspectSecrets(deadline, ctx, cfg)
	if !valid {
		return errors.Join(unknown, secrets, lan())
	}
	return errors.Join(unknown, secrets, g.compare(deadline, ctx, cfg, own, lan))
}

// compare holds what the stack would have against its state and the cluster.
func (g *guard) compare(deadline context.Context, ctx *pulumi.Context, cfg *config.Config, own ownObjects, lan func() error) error {
	wanted, err := g.wanted(deadline, ctx, cfg)
	if err != nil {
		return errors.Join(err, lan())
	}
	g.deletes = ownership.Deletes(wanted, g.has)
	g.owner = ownership.NewOwner(ctx.Project(), ctx.Stack(), g.has)
	plan := ownership.NewPlan(wanted, g.has)
	found, unread := plan.Ask(deadline, g.client)
	unread = g.slow("the objects of the stack", unread)
	if err := warn(ctx, g.owner.Others(plan, found)); err != nil {
		return fmt.Errorf("reporting fields that others wrote: %w", err)
	}
	moves := plan.CheckMoves()
	if cfg.Command.Move != "" {
		moves = nil // `hankki move` asks whether all else is well there
	}
	if cfg.Command.Adopt {
		return errors.Join(unread, moves, lan()) // `hankki adopt` lists what belongs to others
	}
	return errors.Join(unread, g.owner.Check(plan, found), ownership.CheckDeletions(found), moves,
		g.slow("volumes of a move", g.owner.CheckVolumes(deadline, g.client, cfg.Namespace)), checkPostgresVersion(cfg, g.has, found), g.slow("autoscalers", preflight.MetricsServer(deadline, cfg, g.client, own)), lan(), g.checkPending(ctx, plan)) //nolint:contextcheck // the last has a limit of its own, for it asks no cluster
}

// slow tells a cluster that answers too late from one that lacks something.
func (g *guard) slow(what string, err error) error {
	return preflight.Slow(fmt.Sprintf("asking the cluster at %s for %s", g.client.Host, what), err)
}

// checkPending asks only for a state that an earlier version wrote: it has objects, and no owner.
func (g *guard) checkPending(ctx *pulumi.Context, plan ownership.Plan) error {
	if id, _ := g.has.Stashed(ownership.StashName); id != "" || len(plan.Has) == 0 {
		return nil
	}
	pending, err := state.ReadPending(ctx)
	if err != nil {
		return fmt.Errorf("whether an up of an earlier version has left deletions in the state is not known: %w", err)
	}
	return plan.CheckPending(pending)
}

// inspectSecrets looks at those that others keep in the cluster, and reads those that the stack refers to.
func (g *guard) inspectSecrets(deadline context.Context, ctx *pulumi.Context, cfg *config.Config) error {
	warnings, err := preflight.Certificates(deadline, cfg, g.client, time.Now())
	return errors.Join(g.slow("certificates", err), warn(ctx, warnings), g.slow("Secrets that are referred to", preflight.References(deadline, cfg, g.client)))
}

// wanted lists all objects that the program would register, with those of the charts, and makes the provider that renders these.
func (g *guard) wanted(deadline context.Context, ctx *pulumi.Context, cfg *config.Config) ([]ownership.Wanted, error) {
	wanted, err := rehearse(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if g.cluster, err = newCluster(ctx, cfg); err != nil {
		return nil, err
	}
	g.charts, err = renderCharts(deadline, ctx, g.client, wanted, g.has, pulumi.Provider(g.cluster))
	return slices.Concat(wanted, g.charts.wanted()), err
}

// register has all resources from here on carry their owner, and keeps in the state who that is and which cluster it is on.
func (g *guard) register(ctx *pulumi.Context, cfg *config.Config) (pulumi.ProviderResource, error) {
	if err := ctx.RegisterResourceTransform(g.owner.Mark); err != nil {
		return nil, fmt.Errorf("owner of objects: %w", err)
	}
	if g.client == nil {
		return newCluster(ctx, cfg)
	}
	for name, value := range map[string]string{ownership.StashName: g.owner.ID, ownership.ClusterStashName: g.uid} {
		if err := components.Keep(ctx, name, value); err != nil {
			return nil, err
		}
	}
	return g.cluster, g.charts.keep(ctx)
}
