package adopt

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"hankki/internal/config"
	"hankki/internal/stack"
)

// preview asks the engine what it would create. The program does not refuse foreign objects meanwhile.
func preview(ctx context.Context, s *stack.Stack, log io.Writer) ([]*unstructured.Unstructured, error) {
	stream, ended := make(chan events.EngineEvent), make(chan struct{})
	var wanted []*unstructured.Unstructured
	var reading sync.WaitGroup
	reading.Go(func() {
		for {
			select {
			case e, more := <-stream:
				if !more {
					stream = nil // there will be no more of them
				} else if o := created(e); o != nil {
					wanted = append(wanted, o)
				}
			case <-ended:
				return
			}
		}
	})
	var printed bytes.Buffer // of interest only if it fails
	err := s.RunFor(config.Command{Adopt: true}, func() error {
		_, err := s.Preview(ctx, optpreview.EventStreams(stream), optpreview.ProgressStreams(&printed), optpreview.ErrorProgressStreams(&printed), optpreview.SuppressProgress())
		return err //nolint:wrapcheck // what Pulumi printed says it
	})
	close(ended)
	reading.Wait()
	if err != nil {
		_, _ = printed.WriteTo(log) // a log that can't be written is no second error
		return nil, fmt.Errorf("what stack %s would create is not known: its preview failed; what it printed is above", s.Name())
	}
	return wanted, nil
}

// created is the manifest of an object that the event says will be created.
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
