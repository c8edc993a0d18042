package site

import (
	"fmt"
	"testing"
)

// Another pool or Service that holds the addresses is an error before anything is created. Exceptions are the stack's own:
// a pool that the configuration renames, or a Service that is being moved.
func TestForeignAddressesAreRejected(t *testing.T) {
	const pools, services = "/apis/metallb.io/v1beta1/ipaddresspools", "/api/v1/services"
	pool := func(id, manager string) string {
		return fmt.Sprintf(`{"metadata":{"namespace":"metallb-system","name":"lan","managedFields":[{"manager":%q,"operation":"Apply"}],"annotations":{"pulumi.com/patchFieldManager":"hankki/onprem","hankki/owner-id":%q}},"spec":{"addresses":["10.0.0.100-10.0.0.120"]}}`, manager, id)
	}
	holder := func(id, manager string) string {
		return fmt.Sprintf(`{"metadata":{"namespace":"shop","name":"web","managedFields":[{"manager":%q,"operation":"Apply"}],"annotations":{"pulumi.com/patchFieldManager":"hankki/onprem","hankki/owner-id":%q}},"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.4"}]}}}`, manager, id)
	}
	stash := has("pulumi:index:Stash", "owner", map[string]any{"output": "us"})
	unmarked := has("hankki:components:MetalLB$kubernetes:metallb.io/v1beta1:IPAddressPool", "lan", object("metallb.io/v1beta1", "IPAddressPool", "metallb-system", "lan"))
	for name, row := range map[string]struct {
		lists map[string]string
		state map[string]any
		want  []string
	}{
		"foreign": {map[string]string{pools: pool("", "hankki/onprem"), services: holder("them", "hankki/onprem")}, stash, []string{
			"metallb.addresses 10.0.0.3-10.0.0.254 overlaps with IPAddressPool metallb-system/lan 10.0.0.100-10.0.0.120", "frontend.loadBalancerIP 10.0.0.4: Service shop/web has this address",
		}},
		"the stack's": {map[string]string{pools: pool("us", "hankki/onprem"), services: holder("us", "hankki/onprem")}, stash, nil},
		"copies of the stack's": {map[string]string{pools: pool("us", "kubectl-create"), services: holder("us", "velero")}, stash, []string{
			"overlaps with IPAddressPool metallb-system/lan", "Service shop/web has this address",
		}},
		"of a stack without owner annotation":       {map[string]string{pools: pool("", "hankki/onprem")}, unmarked, nil},
		"of another stack, previously in the state": {map[string]string{pools: pool("them", "hankki/onprem")}, unmarked, []string{"overlaps with IPAddressPool metallb-system/lan"}},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, e := newKitchen(t), &engine{state: row.state}
			cluster.lists = row.lists
			expectRefusal(t, e, cluster.stack(t).whole(e), row.want)
		})
	}
}

// The state has the API group of each object, so the check for metrics-server finds the stack's APIService.
func TestMetricsServerOfTheStackStaysWhileOthersUseIt(t *testing.T) {
	cluster := newKitchen(t)
	e := &engine{state: has("hankki:components:MetricsServer$kubernetes:helm.sh/v4:Chart$kubernetes:apiregistration.k8s.io/v1:APIService", "metrics",
		object("apiregistration.k8s.io/v1", "APIService", "", "v1beta1.metrics.k8s.io"))}
	cluster.lists = map[string]string{"/apis/autoscaling/v2/horizontalpodautoscalers": `{"metadata":{"namespace":"bakery","name":"web"}}`}
	expectRefusal(t, e, cluster.stack(t).whole(e), []string{"metricsServer.install is false", "HorizontalPodAutoscaler bakery/web"})
}
