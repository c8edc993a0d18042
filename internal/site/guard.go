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

// guard restricts the stack to its own objects and its own cluster.
type guard struct {
	owner   ownership.Owner
	client  *rest.Config   // client configuration of the cluster; nil: manifests are only rendered
	uid     string         // of the cluster
	has     state.State    // resources in the stack's state
	charts  renderedCharts // nil until first used, like cluster
	cluster pulumi.ProviderResource
	deletes bool // the update deletes objects of the stack
}

// newGuard checks the deployment's requirements, and compares what the stack would create with its state and the cluster.
// It changes nothing. If the configuration is invalid, it checks only the cluster and the addresses.
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

// inspect rejects a different cluster than before, and the adoption, move or replacement of objects.
func (g *guard) inspect(deadline context.Context, ctx *pulumi.Context, cfg *config.Config, valid bool) error {
	has, err := state.Read(ctx)
	if err != nil {
		return err
	}
	g.has = has
	if err := ownership.CheckRendering(cfg.Render.Directory, has); err != nil {
		return err
	}
	var unknown error // which cluster it is; the other checks run regardless
	g.uid, unknown = ownership.ClusterUID(deadline, g.client)
	if unknown = g.slow("the UID of the namespace kube-system", unknown); unknown == nil {
		if err := ownership.CheckCluster(g.uid, g.client.Host, has); err != nil {
			return err // another cluster's objects are irrelevant to this stack
		}
	}
	if err := checkRole(cfg.Role, has); err != nil {
		return err // what is wrong with the other part's keys is irrelevant
	}
	if err := preflight.Namespace(deadline, cfg, g.client); err != nil {
		return errors.Join(unknown, g.slow("the namespace", err)) // every other object would be unreadable for the same reason
	}
	own := newOwnObjects(ctx, has)
	lan := g.inspectLAN(deadline, ctx, cfg, own)
	secrets := g.inspectSecrets(deadline, ctx, cfg)
	if !valid {
		return errors.Join(unknown, secrets, lan())
	}
	return errors.Join(unknown, secrets, g.compare(deadline, ctx, cfg, own, lan))
}

// compare checks what the stack would create against its state and the cluster.
func (g *guard) compare(deadline context.Context, ctx *pulumi.Context, cfg *config.Config, own ownObjects, lan func() error) error {
	wanted, err := g.wanted(deadline, ctx, cfg)
	if err != nil {
		return errors.Join(err, lan())
	}
	g.deletes = ownership.Deletes(wanted, g.has)
	g.owner = ownership.NewOwner(ctx.Project(), ctx.Stack(), g.has)
	plan := ownership.NewPlan(wanted, g.has)
	found, unread := plan.Read(deadline, g.client)
	unread = g.slow("the objects of the stack", unread)
	if err := warn(ctx, ownership.Lines(g.owner.Additions(plan, found))); err != nil {
		return fmt.Errorf("reporting fields that others wrote: %w", err)
	}
	moves := plan.CheckMoves()
	if cfg.Command.Move != "" {
		moves = nil // `hankki move` checks everything else in the new namespace
	}
	if cfg.Command.Adopt {
		return errors.Join(unread, moves, lan()) // `hankki adopt` lists the objects of other owners
	}
	return errors.Join(
		unread,
		g.owner.Check(plan, found),
		ownership.CheckDeletions(found),
		moves,
		g.slow("volumes of a move", g.owner.CheckVolumes(deadline, g.client, cfg.Namespace)),
		checkPostgresVersion(cfg, g.has, found),
		g.slow("autoscalers", preflight.MetricsServer(deadline, cfg, g.client, own)),
		g.slow("the namespaces of sites", preflight.Sites(deadline, cfg, g.client, own)),
		lan(),
		g.checkPending(ctx, plan), //nolint:contextcheck // it has its own time limit, because it makes no request to the cluster
	)
}

// slow distinguishes a cluster that responds too late from one that lacks something.
func (g *guard) slow(what string, err error) error {
	return preflight.Slow(fmt.Sprintf("reading %s from the cluster at %s", what, g.client.Host), err)
}

// checkPending runs only for the state of an earlier version, which has objects but no owner.
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

// inspectSecrets checks the externally managed certificates, reads the Secrets that the stack refers to, and checks the bucket of the
// backups with its key.
func (g *guard) inspectSecrets(deadline context.Context, ctx *pulumi.Context, cfg *config.Config) error {
	warnings, err := preflight.Certificates(deadline, cfg, g.client, time.Now())
	references := g.slow("Secrets that are referred to", preflight.References(deadline, cfg, g.client))
	unchecked, bucket := preflight.Bucket(deadline, cfg)
	return errors.Join(g.slow("certificates", err), warn(ctx, slices.Concat(warnings, unchecked)), references, bucket)
}

// wanted lists all objects that the program would register, including those of the charts. It creates the provider that
// renders the charts.
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

// register adds the owner annotation to all resources registered from here on. It stores the owner and the cluster's UID
// in the state.
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
