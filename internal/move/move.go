// Package move moves a stack's site to another namespace, with its data.
//
// Kubernetes can't move objects. The site is deleted and deployed again; its volumes are kept and bound to the claims
// in the new namespace.
package move

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"hankki/internal/cluster"
	"hankki/internal/deletion"
	"hankki/internal/ownership"
	"hankki/internal/stack"
)

// Options of a move.
type Options struct {
	To  string    // the new namespace
	Log io.Writer // progress
}

// Result of a move.
type Result struct {
	From    string           `json:"from"`
	To      string           `json:"to"`
	Volumes []string         `json:"volumes"` // moved PersistentVolumes
	Left    []cluster.Object `json:"left"`    // contents that keep the old namespace
}

// move is the move of one stack.
type move struct {
	client   *cluster.Client
	owner    string // project/stack
	from, to string
	log      io.Writer
}

// Run previews the deployment in the new namespace, and deploys the stack in the old one, so that only the move
// itself can fail. Then it deletes the site from the old namespace, transfers the volumes to the new one, writes
// hankki:namespace and deploys the stack there. The site is unavailable in the meantime. The same command continues
// an interrupted move; with the old namespace as its target it restores the site.
func Run(ctx context.Context, s *stack.Stack, o Options) (Result, error) {
	role, err := s.Role(ctx)
	if err != nil {
		return Result{}, err
	}
	if err := movable(role); err != nil {
		return Result{}, err
	}
	configured, err := s.Namespace(ctx)
	if err != nil {
		return Result{}, err
	}
	state, client, err := s.Deployed(ctx)
	if err != nil {
		return Result{}, err
	}
	m := move{client: client, owner: s.Owner(), from: cmp.Or(siteOf(state), configured), to: o.To, log: o.Log}
	if err := m.prepare(ctx, s, state, configured); err != nil {
		return Result{}, err
	}
	if state, err = s.State(ctx); err != nil {
		return Result{}, err
	}
	volumes, err := m.leave(ctx, s, state)
	if err != nil {
		return Result{}, err
	}
	if err := setNamespace(ctx, s, m.to); err != nil {
		return Result{}, err
	}
	if err := s.Deploy(ctx, o.Log); err != nil {
		return Result{}, fmt.Errorf("%w; the data are in namespace %s; fix the error and run `pulumi up` again", err, o.To)
	}
	result := Result{From: m.from, To: m.to, Volumes: volumes}
	if m.from != m.to {
		result.Left, err = m.removeNamespace(ctx)
	}
	return result, err
}

// prepare rejects impossible moves, and begins a move unless one was interrupted.
func (m move) prepare(ctx context.Context, s *stack.Stack, state *stack.State, configured string) error {
	travelling, err := m.travelling(ctx)
	if err != nil {
		return err
	}
	begun := len(travelling) > 0
	if err := m.check(ctx, state, configured, begun); err != nil || begun {
		return err
	}
	return m.begin(ctx, s, configured)
}

// begin ensures that only the move itself can fail. It moves nothing.
func (m move) begin(ctx context.Context, s *stack.Stack, configured string) error {
	if configured != m.from { // changed by the user, and rejected by an up
		fmt.Fprintf(m.log, "hankki:namespace is reset to %s, the site's namespace, until the move is complete\n", m.from)
		if err := setNamespace(ctx, s, m.from); err != nil {
			return err
		}
	}
	fmt.Fprintf(m.log, "previewing stack %s in namespace %s\n", s.Name(), m.to)
	if err := try(ctx, s, m.to, m.log); err != nil {
		return err
	}
	fmt.Fprintf(m.log, "deploying stack %s in namespace %s once more, so that only the move can fail\n", s.Name(), m.from)
	if err := s.Deploy(ctx, m.log); err != nil {
		return fmt.Errorf("%w; nothing has been moved", err)
	}
	return nil
}

// leave deletes the site from the old namespace, and transfers its volumes to the new one. If the two are equal, an
// interrupted move is reverted, and there is no site to delete.
func (m move) leave(ctx context.Context, s *stack.Stack, state *stack.State) (volumes []string, err error) {
	if m.from != m.to {
		if err := m.keep(ctx); err != nil {
			return nil, err
		}
		if err := m.remove(ctx, s, state); err != nil {
			return nil, err
		}
	}
	return m.handOver(ctx)
}

// remove runs `pulumi destroy` for the stack's objects in the old namespace. Claims and the namespace are retained in
// the cluster.
func (m move) remove(ctx context.Context, s *stack.Stack, state *stack.State) error {
	targets := inside(state, m.from)
	if len(targets) == 0 {
		return nil
	}
	fmt.Fprintf(m.log, "deleting the site from namespace %s\n", m.from)
	err := deletion.During(ctx, m.client, m.log, func(stream chan<- events.EngineEvent) error {
		_, err := s.Destroy(ctx, optdestroy.Target(targets), optdestroy.TargetDependents(), optdestroy.RunProgram(false), optdestroy.EventStreams(stream),
			optdestroy.ProgressStreams(m.log), optdestroy.ErrorProgressStreams(m.log), optdestroy.SuppressProgress(), optdestroy.SuppressOutputs())
		return err //nolint:wrapcheck // Pulumi has printed the error
	})
	if err != nil {
		return fmt.Errorf("pulumi destroy of the objects of stack %s in namespace %s failed; its output is above; run the same command again to continue", s.Name(), m.from)
	}
	return nil
}

// inside returns the URNs of the namespace and its contents.
func inside(state *stack.State, namespace string) (urns []string) {
	for _, r := range state.Resources {
		o, isObject := r.Object()
		if isObject && (o.Namespace == namespace || o.Kind == cluster.NamespaceKind && o.Name == namespace) {
			urns = append(urns, r.URN)
		}
	}
	return urns
}

// removeNamespace deletes the old namespace if it belongs to the stack and is empty; otherwise it lists the contents.
func (m move) removeNamespace(ctx context.Context) (left []cluster.Object, err error) {
	old := cluster.Object{Kind: cluster.NamespaceKind, Name: m.from}
	live, err := m.client.Get(ctx, old)
	if cluster.NotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	contents, err := m.client.Contents(ctx, m.from)
	if err != nil {
		return nil, err
	}
	for _, o := range contents {
		left = append(left, cluster.Name(&o))
	}
	if len(left) > 0 || live.GetAnnotations()[ownership.NameAnnotation] != m.owner { // as "default" is not
		return left, nil
	}
	return nil, m.delete(ctx, old)
}

// delete deletes an object and waits until it no longer exists.
func (m move) delete(ctx context.Context, o cluster.Object) error {
	resource, err := m.client.Resource(o)
	if err != nil {
		return err
	}
	if err := resource.Delete(ctx, o.Name, metav1.DeleteOptions{}); err != nil && !cluster.NotFound(err) {
		return fmt.Errorf("%s: %w", o, err)
	}
	watch := deletion.New(m.client, m.log)
	watch.Begin(o.String(), o)
	return watch.Wait(ctx)
}
