package deletion

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"hankki/internal/clustertest"
	"hankki/internal/stacktest"
)

const stuckService = `
apiVersion: v1
kind: Service
metadata: {namespace: hankki, name: frontend, deletionTimestamp: "2026-01-02T03:04:05Z", finalizers: [example.com/hold]}
`

func deleting(id string) events.EngineEvent {
	return events.EngineEvent{EngineEvent: apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: apitype.StepEventMetadata{
		Op: apitype.OpDelete, URN: "urn:pulumi:dev::hankki::kubernetes:core/v1:Service::frontend", Type: "kubernetes:core/v1:Service",
		Old: &apitype.StepEventStateMetadata{Custom: true, ID: id, Outputs: map[string]any{"apiVersion": "v1", "kind": "Service"}},
	}}}}
}

// A deletion is reported after 20 seconds, once per reason, and no longer once it is complete.
func TestWatchReportsSlowDeletions(t *testing.T) {
	client, _ := clustertest.New(t, stuckService)
	var log strings.Builder
	w := New(client, &log)
	now := time.Now()
	w.now = func() time.Time { return now }

	w.record(deleting("hankki/frontend"))
	w.report(t.Context())
	if log.Len() > 0 {
		t.Errorf("reported immediately: %s", log.String())
	}
	now = now.Add(patience)
	w.report(t.Context())
	w.report(t.Context())
	if got := strings.Count(log.String(), "example.com/hold, and its deletion was requested at 03:04:05"); got != 1 {
		t.Errorf("reported %d times:\n%s", got, log.String())
	}
	w.record(events.EngineEvent{EngineEvent: apitype.EngineEvent{ResOutputsEvent: &apitype.ResOutputsEvent{
		Metadata: apitype.StepEventMetadata{URN: "urn:pulumi:dev::hankki::kubernetes:core/v1:Service::frontend"},
	}}})
	if len(w.pending) != 0 {
		t.Errorf("%s is still pending", w.names())
	}
}

// Wait returns when the objects are deleted, or an error after the limit.
func TestWait(t *testing.T) {
	client, fake := clustertest.New(t, stuckService)
	o := clustertest.Name(t, stuckService)
	w := New(client, &strings.Builder{})
	w.Begin("x", o)
	began := time.Now()
	w.now = func() time.Time { began = began.Add(limit); return began }
	stacktest.CheckError(t, w.Wait(t.Context()), "Service hankki/frontend")
	mapping, err := client.Mapper.RESTMapping(o.Kind.GroupKind())
	if err != nil {
		t.Fatal(err)
	}
	if err := fake.Tracker().Delete(mapping.Resource, o.Namespace, o.Name, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := w.Wait(t.Context()); err != nil {
		t.Errorf("after the deletion: %v", err)
	}
}

// The watch ends with the destroy and returns its error.
func TestDuringReturnsTheErrorOfDestroy(t *testing.T) {
	client, _ := clustertest.New(t, stuckService)
	failed := errors.New("interrupted")
	err := During(t.Context(), client, io.Discard, func(stream chan<- events.EngineEvent) error {
		stream <- deleting("hankki/frontend")
		return failed
	})
	if !errors.Is(err, failed) {
		t.Errorf("%v", err)
	}
}
