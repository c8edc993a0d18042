// Package drift compares a stack's objects with the cluster. It changes neither the cluster nor the state.
package drift

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"

	"hankki/internal/ownership"
	"hankki/internal/stack"
)

// Report is the drift of a stack: how the cluster differs from the state of the last `pulumi up`.
type Report struct {
	Stack     string   `json:"stack"`
	Changes   []Change `json:"changes"`   // `pulumi up --refresh` reverts them
	Additions []string `json:"additions"` // other fields that other field managers set, one line per object; `pulumi up --refresh` keeps them
}

// Found reports whether there is any drift.
func (r Report) Found() bool { return len(r.Changes)+len(r.Additions) > 0 }

// Find compares the stack's objects with the cluster. An error means that the drift is unknown: the cluster does not
// respond, is another one than the stack's, or denies reading an object. The engine's output then goes to log.
func Find(ctx context.Context, s *stack.Stack, log io.Writer) (Report, error) {
	found := Report{Stack: s.Name(), Changes: []Change{}, Additions: []string{}}
	state, client, err := s.Deployed(ctx) // without this check, a refresh in another cluster reports all objects as deleted
	if err != nil {
		return found, err
	}
	additions, err := additions(ctx, s, state, client.Config)
	if err != nil {
		return found, err
	}
	note := func(e events.EngineEvent) {
		if change, is := changeOf(e); is {
			found.Changes = append(found.Changes, change)
		}
	}
	err = stack.RecordEvents(log, note, func(stream chan<- events.EngineEvent, printed io.Writer) error {
		_, err := s.PreviewRefresh(ctx, optrefresh.EventStreams(stream), optrefresh.ProgressStreams(printed), optrefresh.ErrorProgressStreams(printed), optrefresh.SuppressProgress())
		return err //nolint:wrapcheck // Pulumi's output describes the error
	})
	if err != nil {
		return found, fmt.Errorf("pulumi refresh --preview-only of stack %s failed, so its drift is unknown; its output is above", s.Name())
	}
	additions = slices.DeleteFunc(additions, func(a ownership.Addition) bool { return isChange(a, found.Changes) })
	found.Additions = append(found.Additions, ownership.Lines(additions)...)
	slices.SortFunc(found.Changes, func(a, b Change) int { return cmp.Compare(a.Object, b.Object) })
	return found, nil
}
