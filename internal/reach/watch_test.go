package reach

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/client-go/rest"

	"hankki/internal/kubeconfig"
	"hankki/internal/stacktest"
)

// cluster is an API server that returns the facts.
type cluster struct {
	mu        sync.Mutex
	facts     *facts
	requested int
	patched   []string          // bodies of patches
	onPatch   func(f *facts)    // MetalLB's reaction to a change of the Service; nil: no reaction
	before    map[int]int       // status codes by number of the read of the Service, instead of the facts
	denied    map[string]string // reasons by the end of a path
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	last := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	f := c.facts
	if r.Method == http.MethodPatch {
		body, _ := io.ReadAll(r.Body) // the request of a test
		c.patched = append(c.patched, r.URL.Query().Get("fieldManager")+" "+string(body))
		if c.onPatch != nil {
			c.onPatch(f)
		}
	}
	if last == "backend" && r.Method == http.MethodGet {
		c.requested++
		if code := c.before[c.requested]; code != 0 {
			http.Error(w, "away", code)
			return
		}
	}
	if reason := c.denied[last]; reason != "" {
		stacktest.WriteStatus(w, http.StatusForbidden, reason)
		return
	}
	items := func(list any) any { return map[string]any{"items": list} }
	pods := f.pods
	if r.URL.Query().Get("labelSelector") == "app=metallb" {
		pods = nil
	}
	answer, err := json.Marshal(map[string]any{
		"backend": f.service, "hankki": f.namespace, "endpointslices": items(f.endpoints), "events": items(f.events), "services": items(f.services),
		"nodes": items(f.nodes), "pods": items(pods), "ipaddresspools": items(f.pools), "l2advertisements": items(f.l2),
		"bgpadvertisements": items(f.bgp), "servicel2statuses": items(f.statuses), "configurationstates": items(f.states),
	}[last])
	if err != nil {
		panic(err)
	}
	w.Write(answer)
}

// confirmed returns the error of an update that waits for the API's Service.
func confirmed(t *testing.T, c *cluster, limit time.Duration, options ...pulumi.RunOption) error {
	t.Helper()
	server := httptest.NewServer(c)
	defer server.Close()
	return pulumi.RunErr(func(ctx *pulumi.Context) error {
		w := NewWatch(ctx, &rest.Config{Host: server.URL}, onprem, limit)
		s, err := corev1.NewService(ctx, "backend", &corev1.ServiceArgs{
			Metadata: metav1.ObjectMetaArgs{Name: pulumi.String("backend"), Namespace: pulumi.String("hankki")},
		})
		if err != nil {
			return err
		}
		ctx.Export("reachable", w.Reachable(s, "10.0.0.3", pulumi.Bool(true).ToBoolOutput()))
		return nil
	}, append(options, pulumi.WithMocks("hankki", "test", stacktest.Engine{}))...)
}

func TestReachableServiceIsReadOnce(t *testing.T) {
	c := &cluster{facts: reachable()}
	if err := confirmed(t, c, time.Minute); err != nil {
		t.Fatal(err)
	}
	if c.requested != 2 || len(c.patched) > 0 { // the address, then the other facts
		t.Errorf("the Service was read %d times, want 2, and patched with %q", c.requested, c.patched)
	}
}

func TestPreviewDoesNotReadTheCluster(t *testing.T) {
	c := &cluster{facts: reachable()}
	c.facts.pending()
	if err := confirmed(t, c, time.Second, stacktest.Preview); err != nil || c.requested > 0 {
		t.Errorf("%d requests to the cluster, want none; error %v", c.requested, err)
	}
}

// MetalLB 0.15.2 forgets a Service whose address was freed by a Service that moved, and the status of a Service that a new
// speaker announces. Any change of the Service makes MetalLB process it again.
func TestForgottenServiceIsNudged(t *testing.T) {
	for name, c := range map[string]struct{ forgets, remembers func(f *facts) }{
		"its address": {func(f *facts) { f.pending() }, func(f *facts) { f.service.Status = lanService("hankki", "backend").Status }},
		"its status":  {func(f *facts) { f.announce() }, func(f *facts) { f.statuses = reachable().statuses }},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := &cluster{facts: reachable(), onPatch: c.remembers}
			c.forgets(cluster.facts)
			begun := time.Now()
			if err := confirmed(t, cluster, time.Minute); err != nil {
				t.Fatal(err)
			}
			want := []string{`hankki-nudge {"metadata":{"annotations":{"hankki/nudge":"again"}}}`, `hankki-nudge {"metadata":{"annotations":{"hankki/nudge":null}}}`}
			if !slices.Equal(cluster.patched, want) {
				t.Errorf("the Service was patched with %q, want %q", cluster.patched, want)
			}
			if took := time.Since(begun); took < nudgeAfter || took > nudgeAfter+2*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestOnlyForgottenServicesAreNudged(t *testing.T) {
	for name, change := range map[string]func(f *facts){
		"another Service has the address": func(f *facts) { f.services = append(f.services, *lanService("shop", "web")); f.pending() },
		"no pool holds the address":       func(f *facts) { f.pools = nil; f.pending() },
		"no node can announce it":         func(f *facts) { f.silence(0, 1, 2); f.announce() },
	} {
		t.Run(name, func(t *testing.T) {
			c := &cluster{facts: reachable()}
			change(c.facts)
			if err := confirmed(t, c, 1500*time.Millisecond); err == nil || len(c.patched) > 0 {
				t.Errorf("the Service was patched with %q, error %v", c.patched, err)
			}
		})
	}
}

func TestUnreachableServiceFailsWithTheReason(t *testing.T) {
	c := &cluster{facts: reachable(), denied: map[string]string{"events": "events are secret"}}
	c.facts.silence(1, 2)
	c.facts.announce()
	stacktest.CheckError(t, confirmed(t, c, time.Second),
		"the LAN does not reach Service backend in namespace hankki at 10.0.0.3, after 1s:\n  no node can announce 10.0.0.3",
		"\n    cp, w1, w2: has the label", "events can't be read: ", "events are secret")
}

// A forbidden Service is an error. A temporarily unavailable API server is not.
func TestUnavailableAPIServerIsRetried(t *testing.T) {
	if err := confirmed(t, &cluster{facts: reachable(), before: map[int]int{1: 503, 2: 500, 4: 503}}, time.Minute); err != nil {
		t.Error(err)
	}
	forbidden := &cluster{facts: reachable(), denied: map[string]string{"backend": "not for you"}}
	stacktest.CheckError(t, confirmed(t, forbidden, time.Second), "reading from the cluster", "not for you")
}

// Shortly after a change, MetalLB's statuses are still the previous ones.
func TestSuccessAfterAProblemIsChecked(t *testing.T) {
	c := &cluster{facts: reachable()}
	l := observer{service: backend, limit: time.Minute, begun: time.Now(), since: map[string]time.Time{}, report: func(string) {}}
	server := httptest.NewServer(c)
	defer server.Close()
	var err error
	if l.client, err = newClient(server.URL); err != nil {
		t.Fatal(err)
	}
	c.facts.announce()
	var done []bool
	for range 3 {
		one, err := l.once(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		done = append(done, one)
		c.facts.announce("w1")
	}
	if !slices.Equal(done, []bool{false, false, true}) {
		t.Errorf("done is %v", done)
	}
}

// A cause that requires a manual change ends the wait long before the limit. A temporary cause does not.
func TestWaitingTimeByKindOfProblem(t *testing.T) {
	for name, row := range map[string]struct {
		after time.Duration
		p     problem
		over  bool
	}{
		"lasting, at first": {lasting - time.Second, last("x"), false}, "lasting": {lasting, last("x"), true},
		"passing": {5 * time.Minute, pass("x"), false}, "at the limit": {10 * time.Minute, pass("x"), true},
		"unexplained, at first": {unexplained - time.Second, problem{"x", unexplained}, false}, "unexplained": {unexplained, problem{"x", unexplained}, true},
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now().Add(-row.after)
			l := observer{service: backend, limit: 10 * time.Minute, begun: begun, since: map[string]time.Time{"x": begun}, report: func(string) {}}
			if err := l.judge([]problem{row.p}, nil); (err != nil) != row.over {
				t.Errorf("after %v the error is %v", row.after, err)
			}
		})
	}
}

func newClient(host string) (kubeconfig.Client, error) {
	return kubeconfig.NewClient(&rest.Config{Host: host}, timeout)
}
