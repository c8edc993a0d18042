package adopt

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"hankki/internal/config"
	"hankki/internal/stack"
)

// preview returns the objects that the engine would create. The ownership check is disabled during this preview.
func preview(ctx context.Context, s *stack.Stack, log io.Writer) ([]*unstructured.Unstructured, error) {
	var wanted []*unstructured.Unstructured
	note := func(e events.EngineEvent) {
		if o := created(e); o != nil {
			wanted = append(wanted, o)
		}
	}
	err := s.RunFor(config.Command{Adopt: true}, func() error {
		return stack.RecordEvents(log, note, func(stream chan<- events.EngineEvent, printed io.Writer) error {
			_, err := s.Preview(ctx, optpreview.EventStreams(stream), optpreview.ProgressStreams(printed), optpreview.ErrorProgressStreams(printed), optpreview.SuppressProgress())
			return err //nolint:wrapcheck // Pulumi's output describes the error
		})
	})
	if err != nil {
		return nil, fmt.Errorf("the preview of stack %s failed, so the objects to adopt are unknown; its output is above", s.Name())
	}
	return wanted, nil
}

// created returns the manifest of the object that the event creates; nil for other events and resources.
func created(e events.EngineEvent) *unstructured.Unstructured {
	if e.ResourcePreEvent == nil {
		return nil
	}
	m := e.ResourcePreEvent.Metadata
	if m.Op != apitype.OpCreate || m.New == nil || !m.New.Custom || !strings.HasPrefix(m.Type, "kubernetes:") {
		return nil
	}
	o := &unstructured.Unstructured{Object: m.New.Inputs}
	if o.GetKind() == "" || o.GetName() == "" { // a chart, or a provider's own resource
		return nil
	}
	return o
}
