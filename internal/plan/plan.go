// Package plan lists what an update of a stack would change, without values.
package plan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"hankki/internal/guardrails"
	"hankki/internal/stack"
)

// Change is a step of the update.
type Change struct {
	Op         apitype.OpType `json:"op"`                   // e.g. update
	Type       string         `json:"type"`                 // with its parents, e.g. hankki:components:Backend$kubernetes:apps/v1:Deployment
	Name       string         `json:"name"`                 // in the program
	Properties []string       `json:"properties,omitempty"` // paths of the properties that differ
}

// String returns one line.
func (c Change) String() string {
	return strings.Join(append([]string{string(c.Op), c.Type, c.Name}, c.Properties...), " ")
}

// ErrStopped is wrapped by Find's error if a guard rail stops the preview.
var ErrStopped = errors.New("a guard rail stops this update; docs/review.md explains exceptions")

// Find runs the engine's preview of the stack, with a refresh of its state, and returns the changes sorted by their lines. The
// guard rails apply. If the preview fails, its output goes to log.
func Find(ctx context.Context, s *stack.Stack, log io.Writer) (changes []Change, err error) {
	folder, err := os.MkdirTemp("", "hankki-plan-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	pack, err := guardrails.Link(folder)
	if err != nil {
		return nil, err
	}
	changes = []Change{}
	stopped := false
	note := func(e events.EngineEvent) {
		stopped = stopped || e.PolicyEvent != nil && e.PolicyEvent.EnforcementLevel == string(apitype.Mandatory)
		if c, ok := changeOf(e); ok {
			changes = append(changes, c)
		}
	}
	if err := stack.RecordEvents(log, note, func(stream chan<- events.EngineEvent, printed io.Writer) error {
		_, err := s.Preview(ctx, optpreview.Refresh(), optpreview.PolicyPacks(pack), optpreview.EventStreams(stream),
			optpreview.ProgressStreams(printed), optpreview.ErrorProgressStreams(printed), optpreview.SuppressProgress())
		return err //nolint:wrapcheck // Pulumi's output describes the error
	}); err != nil {
		if stopped {
			return nil, fmt.Errorf("the preview of stack %s failed; its output is above: %w", s.Name(), ErrStopped)
		}
		return nil, fmt.Errorf("the preview of stack %s failed; its output is above", s.Name())
	}
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.String(), b.String()) })
	return changes, nil
}

// unchanging are the operations that change nothing in the cluster.
var unchanging = []apitype.OpType{apitype.OpSame, apitype.OpRead, apitype.OpRefresh}

// changeOf returns the change of an event; false for other events and for resources that stay the same.
func changeOf(e events.EngineEvent) (Change, bool) {
	if e.ResourcePreEvent == nil || slices.Contains(unchanging, e.ResourcePreEvent.Metadata.Op) {
		return Change{}, false
	}
	m := e.ResourcePreEvent.Metadata
	id := resource.URN(m.URN)
	return Change{Op: m.Op, Type: string(id.QualifiedType()), Name: id.Name(), Properties: slices.Sorted(maps.Keys(m.DetailedDiff))}, true
}
