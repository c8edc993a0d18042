// Package deletion waits for objects that are being deleted, and says what a deletion waits for that takes long.
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
	// patience is how long a deletion may take before its reason is told.
	patience = 20 * time.Second
	// lookEach is how often the cluster is asked about what is pending.
	lookEach = 5 * time.Second
	// limit bounds Wait, as the Kubernetes plugin bounds its own deletions.
	limit = 10 * time.Minute
	// pollEach is how often Wait looks whether the objects are gone.
	pollEach = time.Second
)

// Watch follows deletions, and tells what one waits for that takes long.
type Watch struct {
	client  *cluster.Client
	log     io.Writer
	pending map[string]*deletion // by URN or object
	now     func() time.Time
}

type deletion struct {
	object cluster.Object
	since  time.Time
	said   string
}

// New watches deletions in a cluster, and writes to log what they wait for.
func New(client *cluster.Client, log io.Writer) *Watch {
	return &Watch{client: client, log: log, pending: map[string]*deletion{}, now: time.Now}
}

// Begin notes that the object is being deleted, under a key of the caller's.
func (w *Watch) Begin(key string, o cluster.Object) {
	w.pending[key] = &deletion{object: o, since: w.now()}
}

// During runs a destroy, which gets the stream for the engine's events, and meanwhile tells what a deletion waits for.
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

// Follow looks at the engine's events until it has ended, and every five seconds at what is pending.
func (w *Watch) Follow(ctx context.Context, stream <-chan events.EngineEvent, ended <-chan struct{}) {
	tick := time.NewTicker(lookEach)
	defer tick.Stop()
	stack.FollowEvents(stream, ended, w.note, tick.C, func() { w.tell(ctx) })
}

// Wait returns when nothing is pending any more. After ten minutes that is an error.
func (w *Watch) Wait(ctx context.Context) error {
	end := w.now().Add(limit)
	for {
		for key, d := range w.pending {
			if _, err := w.client.Get(ctx, d.object); cluster.Gone(err) {
				delete(w.pending, key)
			}
		}
		if len(w.pending) == 0 {
			return nil
		}
		if w.now().After(end) {
			return fmt.Errorf("after %v there still is: %s", limit, w.names())
		}
		w.tell(ctx)
		select {
		case <-ctx.Done():
			return fmt.Errorf("interrupted while deleting %s: %w", w.names(), ctx.Err())
		case <-time.After(pollEach):
		}
	}
}

// note begins or ends a deletion.
func (w *Watch) note(e events.EngineEvent) {
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

// tell says what each deletion waits for that has taken long, once for each reason.
func (w *Watch) tell(ctx context.Context) {
	for key, d := range w.pending {
		if w.now().Sub(d.since) < patience {
			continue
		}
		reasons, err := explain(ctx, w.client, d.object)
		if cluster.Gone(err) {
			delete(w.pending, key)
			continue
		}
		if err != nil {
			reasons = []string{fmt.Sprintf("why is not known: %v", err)}
		}
		said := strings.Join(reasons, "\n  ")
		if said != "" && said != d.said {
			fmt.Fprintf(w.log, "%s has been waiting since %s to be deleted:\n  %s\n", d.object, d.since.Format(time.TimeOnly), said)
		}
		d.said = said
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
