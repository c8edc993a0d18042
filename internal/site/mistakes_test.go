package site

import (
	"strings"
	"testing"
)

// addressInUse is the list of a cluster's Services, by path: one of them has the front end's address.
var addressInUse = map[string]string{"/api/v1/services": `{"metadata":{"namespace":"shop","name":"web"},"status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.4"}]}}}`}

// If the cluster cannot be identified, all other errors are still reported.
func TestUnknownClusterHidesNoOtherError(t *testing.T) {
	cluster, e := newKitchen(t), &engine{}
	delete(cluster.objects, systemNamespace)
	cluster.objects[redisService] = owned("1", "hankki/dev")
	cluster.lists = addressInUse
	expectRefusal(t, e, cluster.stack(t).whole(e), []string{"reading the identity of", "grant `get`", "Service hankki/redis: belongs to the stack hankki/dev", "Service shop/web has this address"})
}

// With an invalid configuration, a wrong cluster and an address in use are still reported.
func TestConfigurationErrorHidesNoOtherError(t *testing.T) {
	for name, row := range map[string]struct {
		key   string
		value any
		state map[string]any
		want  []string
	}{
		"foreign address":        {"backend.replicas", 0, nil, []string{"backend.replicas 0", "frontend.loadBalancerIP 10.0.0.4: Service shop/web has this address"}},
		"invalid address":        {"backend.loadBalancerIP", "10.0.0", nil, []string{`backend.loadBalancerIP "10.0.0" is not an address`, "Service shop/web has this address"}},
		"another cluster":        {"backend.replicas", 0, has("pulumi:index:Stash", "cluster", map[string]any{"output": "bakery"}), []string{"backend.replicas 0", "is not the one"}},
		"invalid metallb.manage": {"metallb.manage", "all", nil, []string{`metallb.manage "all" is unknown`}},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, e := newKitchen(t), &engine{state: row.state}
			cluster.lists = addressInUse
			err := cluster.stack(t).set(row.key, row.value).whole(e)
			expectRefusal(t, e, err, row.want)
			if lines := strings.Count(err.Error(), "\n"); lines != len(row.want)+3 { // two lines of introduction and an empty one
				t.Errorf("%d problems:\n%v", lines, err)
			}
		})
	}
}

// If a chart cannot be rendered, an address in use is still reported.
func TestInvalidChartHidesNoOtherError(t *testing.T) {
	cluster, e := newKitchen(t), &engine{fail: "kubernetes:helm:template"}
	cluster.lists = addressInUse
	expectRefusal(t, e, cluster.stack(t).whole(e), []string{"chart metallb", "the chart has no values", "Service shop/web has this address"})
}
