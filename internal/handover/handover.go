// Package handover moves the addresses of a manually deployed site to a stack that is deployed beside it.
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
	Log    io.Writer // progress
}

// Result of a handover.
type Result struct {
	Moved []Move           `json:"moved"`
	Left  []cluster.Object `json:"left"` // remaining objects in the namespace of the other site
}

// Move is an address that has moved to the stack.
type Move struct {
	Address string         `json:"address"`
	From    cluster.Object `json:"from"`
	To      cluster.Object `json:"to"`
	Saved   string         `json:"saved"` // file with the manifest of From
	Seconds float64        `json:"seconds"`
}

// Run deploys the stack beside the other site, and then moves one address after the other: it saves and deletes the
// other site's Service, and MetalLB assigns the address to the stack's Service. If the LAN does not reach the stack's
// Service within some seconds, Run restores the saved Service and returns an error. An interrupted handover can be
// continued.
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
		return Result{}, fmt.Errorf("%w; the other site is unchanged", err)
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
	// From here on the usual check applies: this up fails unless the LAN reaches the stack.
	if err := up(ctx, s, o.Log); err != nil {
		return result, err
	}
	if result.Left, err = h.left(ctx, o.From); err != nil {
		return result, fmt.Errorf("all addresses have moved, but listing the remaining objects of the other site failed: %w", err)
	}
	return result, nil
}

// beside deploys the stack while the other site has the addresses, and returns the stack's Services that wait for
// them.
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

// left lists the objects in the namespace of the other site.
func (h handover) left(ctx context.Context, namespace string) (objects []cluster.Object, err error) {
	contents, err := h.client.Contents(ctx, namespace)
	for _, l := range contents {
		objects = append(objects, cluster.Name(&l))
	}
	slices.SortFunc(objects, func(a, b cluster.Object) int { return strings.Compare(a.String(), b.String()) })
	return objects, err
}

// other verifies that there is another site with addresses.
func other(ctx context.Context, s *stack.Stack, client *cluster.Client, from string) error {
	own, err := s.Namespace(ctx)
	if err != nil {
		return err
	}
	if own == from {
		return fmt.Errorf("namespace %s is the stack's own (hankki:namespace): deploy the stack in another namespace, beside the existing site", from)
	}
	_, err = client.Get(ctx, cluster.Object{Kind: cluster.NamespaceKind, Name: from})
	return err
}

// up also reverts the changes of a failed handover in the stack's Services.
func up(ctx context.Context, s *stack.Stack, log io.Writer) error {
	return s.Deploy(ctx, log, optup.Refresh())
}
