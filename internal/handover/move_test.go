package handover

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	clienttesting "k8s.io/client-go/testing"

	"hankki/internal/cluster"
	"hankki/internal/clustertest"
	"hankki/internal/stacktest"
)

const (
	theirs = `
apiVersion: v1
kind: Service
metadata: {namespace: default, name: backend-lb, uid: u, resourceVersion: "7", annotations: {metallb.io/ip-allocated-from-pool: address-pool}}
spec: {type: LoadBalancer, loadBalancerIP: 10.0.0.3, clusterIP: 10.96.0.7, clusterIPs: [10.96.0.7], selector: {app: rest-flask-backend-app}, ports: [{port: 5000, nodePort: 30500}]}
status: {loadBalancer: {ingress: [{ip: 10.0.0.3}]}}
`
	ourService = `
apiVersion: v1
kind: Service
metadata: {namespace: hankki, name: backend, annotations: {metallb.io/loadBalancerIPs: 10.0.0.3}}
spec: {type: LoadBalancer, ports: [{port: 5000}]}
`
	announced = `
apiVersion: metallb.io/v1beta1
kind: ServiceL2Status
metadata: {namespace: metallb-system, name: l2-x}
status: {serviceName: backend, serviceNamespace: hankki, node: w1}
`
)

// run hands 10.0.0.3 over in a cluster with a simulated MetalLB and simulated pods.
func run(t *testing.T, gives, answers bool) (Move, *cluster.Client, error) {
	t.Helper()
	client, server := clustertest.New(t, strings.Join([]string{theirs, ourService, announced}, "\n---\n"))
	services := schema.GroupVersionResource{Version: "v1", Resource: "services"}
	give := func(name, namespace string) {
		live, err := server.Tracker().Get(services, namespace, name)
		if err != nil {
			t.Error(err)
			return
		}
		service := live.(*unstructured.Unstructured).DeepCopy()
		_ = unstructured.SetNestedSlice(service.Object, []any{map[string]any{"ip": "10.0.0.3"}}, "status", "loadBalancer", "ingress")
		if err := server.Tracker().Update(services, service, namespace); err != nil {
			t.Error(err)
		}
	}
	server.PrependReactor("delete", "services", func(clienttesting.Action) (bool, runtime.Object, error) {
		if gives {
			give("backend", "hankki")
		}
		return false, nil, nil
	})
	observer := 0
	h := handover{
		client: client, folder: t.TempDir(), log: &strings.Builder{},
		probe: func(context.Context, cluster.Object, string) error {
			if !answers {
				return errors.New("code 503")
			}
			return nil
		},
	}
	now := time.Now()
	h.now = func() time.Time { // each check takes a second; MetalLB assigns the address to a recreated Service
		observer++
		now = now.Add(time.Second)
		if _, err := server.Tracker().Get(services, "default", "backend-lb"); err == nil && observer > 1 {
			give("backend-lb", "default")
		}
		return now
	}
	moved, err := h.move(t.Context(), clustertest.Name(t, theirs), service{clustertest.Name(t, ourService), "10.0.0.3", "5000"})
	return moved, client, err
}

// The other Service is saved and deleted, and the stack's Service has the address.
func TestMove(t *testing.T) {
	moved, client, err := run(t, true, true)
	if err != nil {
		t.Fatal(err)
	}
	if moved.Address != "10.0.0.3" || moved.To.String() != "Service hankki/backend" {
		t.Errorf("moved %+v", moved)
	}
	if _, err := client.Get(t.Context(), clustertest.Name(t, theirs)); !cluster.NotFound(err) {
		t.Errorf("the other Service: %v", err)
	}
	text, err := os.ReadFile(moved.Saved)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"loadBalancerIP: 10.0.0.3", "nodePort: 30500", "app: rest-flask-backend-app"} {
		if !strings.Contains(string(text), part) {
			t.Errorf("%q is missing in what was saved:\n%s", part, text)
		}
	}
	for _, part := range []string{"10.96.0.7", "resourceVersion", "status", "ip-allocated-from-pool"} {
		if strings.Contains(string(text), part) {
			t.Errorf("%q is in what was saved:\n%s", part, text)
		}
	}
}

// If the stack's Service does not get the address, or its pods do not respond, the other Service gets the address again.
func TestFailedHandoverReturnsTheAddress(t *testing.T) {
	for name, c := range map[string]struct{ gives, answers bool }{"MetalLB gives nothing": {false, true}, "no pod answers": {true, false}} {
		t.Run(name, func(t *testing.T) {
			_, client, err := run(t, c.gives, c.answers)
			stacktest.CheckError(t, err, "Service default/backend-lb has the address again")
			if _, err := client.Get(t.Context(), clustertest.Name(t, theirs)); err != nil {
				t.Error(err)
			}
			ours, err := client.Get(t.Context(), clustertest.Name(t, ourService))
			if err != nil {
				t.Fatal(err)
			}
			if kind, _, _ := unstructured.NestedString(ours.Object, "spec", "type"); kind != "ClusterIP" {
				t.Errorf("the stack's Service has type %s, and still requests the address", kind)
			}
		})
	}
}

// MetalLB chose the address of a Service that requested none. The recreated Service must request it.
func TestSavedServiceRequestsItsAddress(t *testing.T) {
	for name, c := range map[string]struct{ manifest, want string }{
		"chosen by MetalLB": {strings.Replace(theirs, "loadBalancerIP: 10.0.0.3, ", "", 1), "10.0.0.3"},
		"by the field":      {theirs, "10.0.0.3"},
		"by an annotation":  {strings.Replace(strings.Replace(theirs, "loadBalancerIP: 10.0.0.3, ", "", 1), "metallb.io/ip-allocated-from-pool: address-pool", "metallb.universe.tf/loadBalancerIPs: 10.0.0.3", 1), ""},
	} {
		t.Run(name, func(t *testing.T) {
			saved := savedService(clustertest.Objects(t, c.manifest)[0], "10.0.0.3")
			if got, _, _ := unstructured.NestedString(saved.Object, "spec", "loadBalancerIP"); got != c.want {
				t.Errorf("the Service requests %q, want %q", got, c.want)
			}
		})
	}
}
