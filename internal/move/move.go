// Package move takes a stack's site to another namespace, with its data.
//
// Kubernetes can't move an object. The site is removed and deployed anew; its volumes stay and are bound to the claims of the new
// namespace.
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
	Log io.Writer // gets what happens meanwhile
}

// Result of a move.
type Result struct {
	From    string           `json:"from"`
	To      string           `json:"to"`
	Volumes []string         `json:"volumes"` // PersistentVolumes that went along
	Left    []cluster.Object `json:"left"`    // what keeps the old namespace
}

// move is the move of one stack.
type move struct {
	client   *cluster.Client
	owner    string // project/stack
	from, to string
	log      io.Writer
}

// Run tries the deployment in the new namespace by a preview, deploys the stack where it is, so that nothing but the move is left to
// fail, removes its site from the old namespace, hands the volumes over to the new one, writes hankki:namespace and deploys the stack
// there. The site is away meanwhile. A move that was interrupted goes on where it ended, by the same command; with the old namespace as
// its goal it brings the site back.
func Run(ctx context.Context, s *stack.Stack, o Options) (Result, error) {
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
		return Result{}, fmt.Errorf("%w; the data wait in namespace %s, mend what it says and run `pulumi up` again", err, o.To)
	}
	result := Result{From: m.from, To: m.to, Volumes: volumes}
	if m.from != m.to {
		result.Left, err = m.removeNamespace(ctx)
	}
	return result, err
}

// prepare refuses what can't be moved, and begins a move unless one was interrupted.
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

// begin makes sure that nothing but the move is left to fail. Before it nothing has been moved.
func (m move) begin(ctx context.Context, s *stack.Stack, configured string) error {
	if configured != m.from { // a person has changed the key, and was refused
		fmt.Fprintf(m.log, "hankki:namespace is set back to %s, where the site is, until it has moved\n", m.from)
		if err := setNamespace(ctx, s, m.from); err != nil {
			return err
		}
	}
	fmt.Fprintf(m.log, "whether stack %s can be deployed in namespace %s is tried by a preview\n", s.Name(), m.to)
	if err := try(ctx, s, m.to, m.log); err != nil {
		return err
	}
	fmt.Fprintf(m.log, "stack %s is deployed in namespace %s once more, so that only the move can fail\n", s.Name(), m.from)
	if err := s.Deploy(ctx, m.log); err != nil {
		return fmt.Errorf("%w; nothing has been moved", err)
	}
	return nil
}

// leave removes the site from the old namespace, and gives its volumes to the new one. A site that comes back has left nothing there.
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

// remove runs `pulumi destroy` on what the stack has in the old namespace. Claims and the namespace stay in the cluster, as the
// program has registered them so.
func (m move) remove(ctx context.Context, s *stack.Stack, state *stack.State) error {
	targets := inside(state, m.from)
	if len(targets) == 0 {
		return nil
	}
	fmt.Fprintf(m.log, "the site is removed from namespace %s\n", m.from)
	err := deletion.During(ctx, m.client, m.log, func(stream chan<- events.EngineEvent) error {
		_, err := s.Destroy(ctx, optdestroy.Target(targets), optdestroy.TargetDependents(), optdestroy.RunProgram(false), optdestroy.EventStreams(stream),
			optdestroy.ProgressStreams(m.log), optdestroy.ErrorProgressStreams(m.log), optdestroy.SuppressProgress(), optdestroy.SuppressOutputs())
		return err //nolint:wrapcheck // what Pulumi printed stands above
	})
	if err != nil {
		return fmt.Errorf("pulumi destroy of what stack %s has in namespace %s failed; what it printed is above; the same command goes on from here", s.Name(), m.from)
	}
	return nil
}

// inside are the URNs of the namespace and of what is in it.
func inside(state *stack.State, namespace string) (urns []string) {
	for _, r := range state.Resources {
		o, isObject := r.Object()
		if isObject && (o.Namespace == namespace || o.Kind == cluster.NamespaceKind && o.Name == namespace) {
			urns = append(urns, r.URN)
		}
	}
	return urns
}

// removeNamespace deletes the old namespace if it is the stack's and nothing is in it, or lists what is.
func (m move) removeNamespace(ctx context.Context) (left []cluster.Object, err error) {
	old := cluster.Object{Kind: cluster.NamespaceKind, Name: m.from}
	live, err := m.client.Get(ctx, old)
	if cluster.Gone(err) {
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

// delete removes an object and waits until it is gone.
func (m move) delete(ctx context.Context, o cluster.Object) error {
	resource, err := m.client.Resource(o)
	if err != nil {
		return err
	}
	if err := resource.Delete(ctx, o.Name, metav1.DeleteOptions{}); err != nil && !cluster.Gone(err) {
		return fmt.Errorf("%s: %w", o, err)
	}
	watch := deletion.New(m.client, m.log)
	watch.Begin(o.String(), o)
	return watch.Wait(ctx)
}
