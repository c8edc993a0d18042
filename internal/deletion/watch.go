// Package deletion waits for objects that are being deleted, and explains deletions that take long.
package deletion

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"hankki/internal/cluster"
	"hankki/internal/stack"
)

const (
	// patience is how long a deletion may take before its reason is reported.
	patience = 20 * time.Second
	// checkEach is the interval between checks of the pending deletions.
	checkEach = 5 * time.Second
	// limit of Wait, equal to the provider's default timeout of a deletion.
	limit = 10 * time.Minute
	// pollEach is how often Wait checks whether the objects still exist.
	pollEach = time.Second
)

// Watch follows deletions and explains those that take long.
type Watch struct {
	client  *cluster.Client
	log     io.Writer
	pending map[string]*deletion // by URN or object
	now     func() time.Time
}

type deletion struct {
	object cluster.Object
	since  time.Time
	report string // last printed
}

// New returns a watch of deletions in a cluster. It writes its explanations to log.
func New(client *cluster.Client, log io.Writer) *Watch {
	return &Watch{client: client, log: log, pending: map[string]*deletion{}, now: time.Now}
}

// Begin registers the start of the object's deletion under the caller's key.
func (w *Watch) Begin(key string, o cluster.Object) {
	w.pending[key] = &deletion{object: o, since: w.now()}
}

// During runs destroy with a stream for the engine's events, and meanwhile explains deletions that take long.
func During(ctx context.Context, client *cluster.Client, log io.Writer, destroy func(stream chan<- events.EngineEvent) error) error {
	stream, ended := make(chan events.EngineEvent), make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { New(client, log).Follow(ctx, stream, ended) })
	defer func() {
		close(ended)
		watching.Wait()
	}()
	return destroy(stream)
}

// Follow reads the engine's events until ended is closed, and checks the pending deletions every 5 seconds.
func (w *Watch) Follow(ctx context.Context, stream <-chan events.EngineEvent, ended <-chan struct{}) {
	tick := time.NewTicker(checkEach)
	defer tick.Stop()
	stack.FollowEvents(stream, ended, w.record, tick.C, func() { w.report(ctx) })
}

// Wait returns when no deletion is pending. It returns an error after 10 minutes.
func (w *Watch) Wait(ctx context.Context) error {
	end := w.now().Add(limit)
	for {
		for key, d := range w.pending {
			if _, err := w.client.Get(ctx, d.object); cluster.NotFound(err) {
				delete(w.pending, key)
			}
		}
		if len(w.pending) == 0 {
			return nil
		}
		if w.now().After(end) {
			return fmt.Errorf("not deleted after %v: %s", limit, w.names())
		}
		w.report(ctx)
		select {
		case <-ctx.Done():
			return fmt.Errorf("interrupted while deleting %s: %w", w.names(), ctx.Err())
		case <-time.After(pollEach):
		}
	}
}

// record starts or ends a deletion.
func (w *Watch) record(e events.EngineEvent) {
	switch {
	case e.ResourcePreEvent != nil:
		m := e.ResourcePreEvent.Metadata
		if m.Op != apitype.OpDelete && m.Op != apitype.OpDeleteReplaced || m.Old == nil {
			return
		}
		r := stack.Resource{URN: m.URN, Type: m.Type, ID: m.Old.ID, Custom: m.Old.Custom, Inputs: m.Old.Inputs, Outputs: m.Old.Outputs}
		if o, ok := r.Object(); ok {
			w.Begin(m.URN, o)
		}
	case e.ResOutputsEvent != nil:
		delete(w.pending, e.ResOutputsEvent.Metadata.URN)
	case e.ResOpFailedEvent != nil:
		delete(w.pending, e.ResOpFailedEvent.Metadata.URN)
	}
}

// report prints the reasons of deletions that take long, each reason once.
func (w *Watch) report(ctx context.Context) {
	for key, d := range w.pending {
		if w.now().Sub(d.since) < patience {
			continue
		}
		reasons, err := explain(ctx, w.client, d.object)
		if cluster.NotFound(err) {
			delete(w.pending, key)
			continue
		}
		if err != nil {
			reasons = []string{fmt.Sprintf("the reason is unknown: %v", err)}
		}
		report := strings.Join(reasons, "\n  ")
		if report != "" && report != d.report {
			fmt.Fprintf(w.log, "%s has been waiting for its deletion since %s:\n  %s\n", d.object, d.since.Format(time.TimeOnly), report)
		}
		d.report = report
	}
}

func (w *Watch) names() string {
	var names []string
	for _, d := range w.pending {
		names = append(names, d.object.String())
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
