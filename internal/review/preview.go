package review

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"

	"hankki/internal/guardrails"
	"hankki/internal/manifest"
	"hankki/internal/stack"
	"hankki/internal/staging"
)

// preview runs the engine's preview of the stack with an empty state. The program renders only: it contacts no
// cluster and no registry, and its secrets are placeholders. The policy pack records the registered resources.
func (r *renderer) preview(ctx context.Context, name string, tools tools) ([]manifest.Resource, error) {
	folder, err := os.MkdirTemp(r.scratch, name+"-")
	if err != nil {
		return nil, err
	}
	staged := staging.Stack{Name: name, Rendering: &staging.Rendering{Directory: "/rendered", Charts: tools.charts}}
	if err := staged.Write(r.revision.folder, r.revision.folder); err != nil {
		return nil, err
	}
	record := filepath.Join(folder, "record.json")
	environment, err := staging.Environment(folder)
	if err != nil {
		return nil, err
	}
	environment[guardrails.RecordVariable] = record
	s, err := auto.NewStackLocalSource(ctx, name, r.revision.folder, auto.EnvVars(environment), auto.Pulumi(tools.cli))
	if err != nil {
		return nil, fmt.Errorf("creating the stack: %w", err)
	}
	heard := listen()
	var printed bytes.Buffer
	_, err = s.Preview(ctx, optpreview.EventStreams(heard.stream), optpreview.PolicyPacks(r.pack), optpreview.SuppressProgress(),
		optpreview.ProgressStreams(&printed), optpreview.ErrorProgressStreams(&printed))
	heard.end()
	if err != nil {
		if len(heard.errors) == 0 {
			return nil, fmt.Errorf("the preview failed: %s", strings.TrimSpace(printed.String()))
		}
		return nil, errors.New(strings.Join(heard.errors, "\n"))
	}
	return readRecord(record, heard.retained)
}

func readRecord(file string, retained map[string]bool) ([]manifest.Resource, error) {
	var all []manifest.Resource
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the recorded resources: %w", err)
	}
	for i := range all {
		all[i].Retained = retained[all[i].URN]
	}
	slices.SortFunc(all, func(a, b manifest.Resource) int { return strings.Compare(a.URN, b.URN) })
	return all, nil
}

// heard is the further information in the preview's events.
type heard struct {
	stream   chan events.EngineEvent
	ended    chan struct{}
	reading  sync.WaitGroup
	retained map[string]bool // by URN
	errors   []string
}

func listen() *heard {
	h := &heard{stream: make(chan events.EngineEvent), ended: make(chan struct{}), retained: map[string]bool{}}
	h.reading.Go(func() { stack.FollowEvents(h.stream, h.ended, h.hear, nil, nil) })
	return h
}

func (h *heard) hear(e events.EngineEvent) {
	if pre := e.ResourcePreEvent; pre != nil && pre.Metadata.New != nil && pre.Metadata.New.RetainOnDelete {
		h.retained[pre.Metadata.URN] = true
	}
	if d := e.DiagnosticEvent; d != nil && d.Severity == "error" && !strings.Contains(d.Message, "preview failed") {
		h.errors = append(h.errors, strings.TrimSpace(d.Message))
	}
}

// end waits until all sent events are processed.
func (h *heard) end() {
	close(h.ended)
	h.reading.Wait()
}
