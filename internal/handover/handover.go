// Package handover moves the addresses of a site that was made by hand to a stack that is deployed beside it.
package handover

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"

	"hankki/internal/cluster"
	"hankki/internal/config"
	"hankki/internal/stack"
)

// Options of a handover.
type Options struct {
	From   string    // namespace of the other site
	Folder string    // where its Services are saved before they are deleted
	Log    io.Writer // gets what happens meanwhile
}

// Result of a handover.
type Result struct {
	Moved []Move           `json:"moved"`
	Left  []cluster.Object `json:"left"` // what is still in the namespace of the other site
}

// Move is an address that has changed hands.
type Move struct {
	Address string         `json:"address"`
	From    cluster.Object `json:"from"`
	To      cluster.Object `json:"to"`
	Saved   string         `json:"saved"` // file with the manifest of From
	Seconds float64        `json:"seconds"`
}

// Run deploys the stack beside the other site, and then moves one address after the other: the other site's Service is saved
// and deleted, MetalLB gives the address to the stack's. If the LAN does not reach that within some seconds, the saved one is
// created again and the handover ends with an error. A handover that was interrupted goes on where it ended.
func Run(ctx context.Context, s *stack.Stack, o Options) (Result, error) {
	_, client, err := s.Deployed(ctx)
	if err != nil {
		return Result{}, err
	}
	if err := other(ctx, s, client, o.From); err != nil {
		return Result{}, err
	}
	h := handover{client: client, probe: client.Answers, folder: o.Folder, log: o.Log, now: time.Now, pause: 200 * time.Millisecond}
	before, err := h.holders(ctx, o.From)
	if err != nil {
		return Result{}, err
	}
	fmt.Fprintf(o.Log, "stack %s is deployed beside %s\n", s.Name(), names(before))
	wanted, err := h.beside(ctx, s, o.From)
	if err == nil {
		err = h.check(ctx, before, wanted)
	}
	if err != nil {
		return Result{}, fmt.Errorf("%w; the other site has not been touched", err)
	}
	result := Result{Moved: []Move{}}
	for _, to := range wanted {
		from, found := before[to.address]
		if !found {
			continue
		}
		moved, err := h.move(ctx, from, to)
		if err != nil {
			return result, err
		}
		result.Moved = append(result.Moved, moved)
	}
	// From here on the stack is as any other: this up fails unless the LAN reaches it.
	if err := up(ctx, s, o.Log); err != nil {
		return result, err
	}
	if result.Left, err = h.left(ctx, o.From); err != nil {
		return result, fmt.Errorf("all addresses are moved, but what is left of the other site is not known: %w", err)
	}
	return result, nil
}

// beside deploys the stack while the other site has the addresses, and returns the Services that wait for them.
func (h handover) beside(ctx context.Context, s *stack.Stack, from string) ([]service, error) {
	if err := s.RunFor(config.Command{Handover: from}, func() error { return up(ctx, s, h.log) }); err != nil {
		return nil, err
	}
	state, err := s.State(ctx)
	if err != nil {
		return nil, err
	}
	wanted := services(state)
	return wanted, h.answer(ctx, wanted)
}

// left lists what is in the namespace of the other site.
func (h handover) left(ctx context.Context, namespace string) (objects []cluster.Object, err error) {
	contents, err := h.client.Contents(ctx, namespace)
	for _, l := range contents {
		objects = append(objects, cluster.Name(&l))
	}
	slices.SortFunc(objects, func(a, b cluster.Object) int { return strings.Compare(a.String(), b.String()) })
	return objects, err
}

// other makes sure that there is another site to take addresses from.
func other(ctx context.Context, s *stack.Stack, client *cluster.Client, from string) error {
	own, err := s.Namespace(ctx)
	if err != nil {
		return err
	}
	if own == from {
		return fmt.Errorf("namespace %s is the stack's own (hankki:namespace): deploy the stack into another one, beside the site that is there", from)
	}
	_, err = client.Get(ctx, cluster.Object{Kind: cluster.NamespaceKind, Name: from})
	return err
}

// up also takes back what a handover that failed has changed in the stack's Services.
func up(ctx context.Context, s *stack.Stack, log io.Writer) error {
	return s.Deploy(ctx, log, optup.Refresh())
}
