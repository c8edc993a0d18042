// Package move takes a stack's site to another namespace, with its data.
//
// Kubernetes can't move an object. The site is removed and deployed anew; its volumes stay and are bound to the claims of the new
// namespace.
package move

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"hankki/internal/cluster"
	"hankki/internal/deletion"
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

// Run deploys the stack where it is, so that nothing but the move is left to fail, removes its site from the old namespace, hands
// the volumes over to the new one, writes hankki:namespace and deploys the stack there. The site is away meanwhile. A move that was
// interrupted goes on where it ended, by the same command.
func Run(ctx context.Context, s *stack.Stack, o Options) (Result, error) {
	from, err := s.Namespace(ctx)
	if err != nil {
		return Result{}, err
	}
	state, err := s.State(ctx)
	if err != nil {
		return Result{}, err
	}
	client, err := s.Connect(ctx, state, nil)
	if err != nil {
		return Result{}, err
	}
	m := move{client: client, owner: s.Owner(), from: from, to: o.To, log: o.Log}
	if err := m.check(ctx, state); err != nil {
		return Result{}, err
	}
	if err := m.deployed(ctx, s); err != nil {
		return Result{}, err
	}
	volumes, err := m.leave(ctx, s)
	if err != nil {
		return Result{}, err
	}
	if err := s.SetConfig(ctx, "hankki:namespace", auto.ConfigValue{Value: o.To}); err != nil {
		return Result{}, fmt.Errorf("hankki:namespace of stack %s: %w; set it to %s and run `pulumi up`", s.Name(), err, o.To)
	}
	if err := up(ctx, s, o.Log); err != nil {
		return Result{}, fmt.Errorf("%w; the data wait in namespace %s, mend what it says and run `pulumi up` again", err, o.To)
	}
	left, err := m.removeNamespace(ctx)
	return Result{From: from, To: o.To, Volumes: volumes, Left: left}, err
}

// deployed deploys the stack where it is, unless an earlier move was interrupted.
func (m move) deployed(ctx context.Context, s *stack.Stack) error {
	begun, err := m.begun(ctx)
	if err != nil || begun {
		return err
	}
	fmt.Fprintf(m.log, "stack %s is deployed in namespace %s once more, so that only the move can fail\n", s.Name(), m.from)
	if err := up(ctx, s, m.log); err != nil {
		return fmt.Errorf("%w; nothing has been moved", err)
	}
	return nil
}

// leave removes the site from the old namespace and reserves its volumes, whose names it returns, for the new one.
func (m move) leave(ctx context.Context, s *stack.Stack) (volumes []string, err error) {
	state, err := s.State(ctx)
	if err != nil {
		return nil, err
	}
	if err := m.keep(ctx); err != nil {
		return nil, err
	}
	if err := m.remove(ctx, s, state); err != nil {
		return nil, err
	}
	return m.handOver(ctx)
}

// check refuses, all at once, what would fail after the site was removed.
func (m move) check(ctx context.Context, state *stack.State) error {
	var errs []error
	if wrong := validation.IsDNS1123Label(m.to); len(wrong) > 0 {
		return fmt.Errorf("namespace %q: %s", m.to, strings.Join(wrong, ", "))
	}
	if m.to == m.from {
		return fmt.Errorf("namespace %s is where the stack is (hankki:namespace): nothing to move", m.to)
	}
	if len(state.Resources) == 0 {
		errs = append(errs, errors.New("the stack is not deployed: set hankki:namespace and run `pulumi up`"))
	}
	contents, err := m.client.Contents(ctx, m.to)
	if err != nil {
		errs = append(errs, err)
	}
	var names []string
	for _, o := range contents {
		names = append(names, cluster.Name(&o).String())
	}
	if len(names) > 0 {
		errs = append(errs, fmt.Errorf("namespace %s is not empty, it has: %s; choose another, or remove them", m.to, strings.Join(names, ", ")))
	}
	return errors.Join(errs...)
}

// remove runs `pulumi destroy` on what the stack has in the old namespace. Claims and the namespace stay in the cluster, as the
// program has registered them so.
func (m move) remove(ctx context.Context, s *stack.Stack, state *stack.State) error {
	targets := inside(state, m.from)
	if len(targets) == 0 {
		return nil
	}
	fmt.Fprintf(m.log, "the site is removed from namespace %s\n", m.from)
	_, err := s.Destroy(ctx, optdestroy.Target(targets), optdestroy.TargetDependents(), optdestroy.RunProgram(false),
		optdestroy.ProgressStreams(m.log), optdestroy.ErrorProgressStreams(m.log), optdestroy.SuppressProgress(), optdestroy.SuppressOutputs())
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

// removeNamespace deletes the old namespace if nothing is in it, or lists what is.
func (m move) removeNamespace(ctx context.Context) (left []cluster.Object, err error) {
	contents, err := m.client.Contents(ctx, m.from)
	if err != nil {
		return nil, err
	}
	for _, o := range contents {
		left = append(left, cluster.Name(&o))
	}
	if len(left) > 0 {
		return left, nil
	}
	return nil, m.delete(ctx, cluster.Object{Kind: cluster.NamespaceKind, Name: m.from})
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

func up(ctx context.Context, s *stack.Stack, log io.Writer) error {
	_, err := s.Up(ctx, optup.ProgressStreams(log), optup.ErrorProgressStreams(log), optup.SuppressProgress())
	if err != nil {
		return fmt.Errorf("pulumi up of stack %s failed; what it printed is above", s.Name())
	}
	return nil
}
