package site

import (
	"maps"
	"strings"
	"testing"

	"hankki/internal/stacktest"
)

// The paths of some of the stack's objects, including a chart's.
const (
	ourNamespace = "/api/v1/namespaces/hankki"
	redisService = "/api/v1/namespaces/hankki/services/redis"
	addressPool  = "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools/address-pool"
	clusterRole  = "/apis/rbac.authorization.k8s.io/v1/clusterroles/metallb:controller"
	redisType    = "hankki:components:Redis$kubernetes:core/v1:Service"
)

func TestForeignObjectsAreNotAdopted(t *testing.T) {
	byHand := map[string]any{"managedFields": []any{
		map[string]any{"manager": "kubectl-client-side-apply", "time": "2025-03-02T10:00:00Z"},
		map[string]any{"manager": "controller", "time": "2025-03-03T10:00:00Z", "subresource": "status"},
	}}
	chart := []any{object("rbac.authorization.k8s.io/v1", "ClusterRole", "", "metallb:controller")}
	stash := func(id string) map[string]any {
		return has("pulumi:index:Stash", "owner", map[string]any{"output": id})
	}
	inState := has(redisType, "redis", object("v1", "Service", "hankki", "redis"))
	for _, row := range []struct {
		name    string
		objects map[string]map[string]any
		refuses string
		state   map[string]any
		want    []string // in the error; nil: the stack is deployed
	}{
		{"an empty cluster", nil, "", nil, nil},
		{"all created manually", map[string]map[string]any{addressPool: byHand, ourNamespace: byHand, clusterRole: byHand}, "", nil, []string{
			"3 objects", "Namespace hankki: written by kubectl-client-side-apply on 2025-03-02\n", "IPAddressPool metallb-system/address-pool: written by",
			"ClusterRole metallb:controller: written by", "make adopt STACK=onprem", "metallb.manage", "hankki:namespace",
		}},
		{"of another stack", map[string]map[string]any{redisService: owned("1", "hankki/dev")}, "", nil, []string{"1 object exists and is not", "Service hankki/redis: belongs to the stack hankki/dev"}},
		{"of another stack that formerly had this name", map[string]map[string]any{redisService: owned("1", "hankki/onprem")}, "", stash("2"), []string{"Service hankki/redis"}},
		{"of this stack, left by a killed up", map[string]map[string]any{redisService: owned("2", "hankki/onprem")}, "", stash("2"), nil},
		{"retained by a destroy of this stack", map[string]map[string]any{ourNamespace: owned("1", "hankki/onprem")}, "", nil, nil},
		{"adopted for this stack", map[string]map[string]any{redisService: owned("by-name", "hankki/onprem")}, "", nil, nil},
		{"adopted for another stack", map[string]map[string]any{redisService: owned("by-name", "hankki/dev")}, "", nil, []string{"hankki/dev"}},
		{"in a state of an earlier version", map[string]map[string]any{redisService: byHand}, "", inState, nil},
		{"in the state, later adopted by another stack", map[string]map[string]any{redisService: owned("1", "hankki/dev")}, "", inState, []string{"hankki/dev", "pulumi state delete"}},
		{"forbidden to read", nil, redisService, nil, []string{"Service hankki/redis: the user of the kubeconfig lacks the permission `get`"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			cluster := newKitchen(t)
			cluster.refuses = row.refuses
			maps.Copy(cluster.objects, row.objects)
			e := &engine{state: row.state, chart: chart}
			expectRefusal(t, e, cluster.stack(t).whole(e), row.want)
		})
	}
}

// expectRefusal requires an error with all of the words and no registration except the provider, or no error.
func expectRefusal(t *testing.T, e *engine, err error, words []string) {
	t.Helper()
	if len(words) == 0 {
		if err != nil {
			t.Fatalf("the stack is refused: %v", err)
		}
		e.one(t, deploymentType, "frontend")
		return
	}
	stacktest.CheckError(t, err, words...)
	for _, r := range e.all("") {
		if r.typ != providerPrefix+"kubernetes" {
			t.Errorf("%s is registered", r.urn)
		}
	}
}

func TestAnotherClusterIsRejected(t *testing.T) {
	on := func(uid string) map[string]any {
		return has("pulumi:index:Stash", "cluster", map[string]any{"output": uid})
	}
	for name, row := range map[string]struct {
		state map[string]any
		want  []string
	}{
		"the same":      {on("uid-of-the-kitchen"), nil},
		"another":       {on("uid-of-the-bakery"), []string{"uid-of-the-kitchen", "uid-of-the-bakery", "pulumi state delete 'urn:pulumi:onprem::hankki::pulumi:index:Stash::cluster'", "hankki:kubeContext"}},
		"not yet known": {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, e := newKitchen(t), &engine{state: row.state}
			expectRefusal(t, e, cluster.stack(t).whole(e), row.want)
		})
	}
}

func TestDeployedSiteIsNotMoved(t *testing.T) {
	site := has(redisType, "redis", object("v1", "Service", "hankki", "redis"))
	maps.Copy(site, has("hankki:components:MetalLB$kubernetes:metallb.io/v1beta1:IPAddressPool", "address-pool", object("metallb.io/v1beta1", "IPAddressPool", "metallb-system", "address-pool")))
	for name, row := range map[string]struct {
		key, value string
		want       []string
	}{
		"the namespace is the same":    {"namespace", "hankki", nil},
		"another namespace":            {"namespace", "shop", []string{"namespace hankki, now shop in the configuration: Service redis", "hankki:namespace"}},
		"MetalLB's namespace":          {"metallb.namespace", "lan", []string{"namespace metallb-system, now lan in the configuration: IPAddressPool address-pool", "metallb.namespace"}},
		"new pool next to the old one": {"metallb.pool", "pool-2", nil},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, e := newKitchen(t), &engine{state: site}
			expectRefusal(t, e, cluster.stack(t).set(row.key, row.value).whole(e), row.want)
		})
	}
}

// MetalLB is not moved either if its pool and advertisement are renamed in the same change.
func TestDeployedMetalLBIsNotMoved(t *testing.T) {
	const child = "hankki:components:MetalLB$kubernetes:helm.sh/v4:Chart$kubernetes:apps/v1:DaemonSet"
	state := has(child, "metallb:metallb-system/metallb-speaker", object("apps/v1", "DaemonSet", "metallb-system", "metallb-speaker"))
	for _, namespace := range []string{"a", "z"} { // of the same name, in another namespace
		maps.Copy(state, has("hankki:components:MetricsServer$kubernetes:helm.sh/v4:Chart$kubernetes:core/v1:ConfigMap", "metrics-server:"+namespace+"/x", object("v1", "ConfigMap", namespace, "x")))
	}
	chart := []any{object("apps/v1", "DaemonSet", "lan", "metallb-speaker"), object("v1", "ConfigMap", "a", "x"), object("v1", "ConfigMap", "z", "x"), object("rbac.authorization.k8s.io/v1", "ClusterRole", "", "metallb:controller")}
	for namespace, want := range map[string][]string{
		"lan":            {"namespace metallb-system, now lan in the configuration: DaemonSet metallb-speaker", "restore the key"},
		"metallb-system": nil,
	} {
		t.Run(namespace, func(t *testing.T) {
			chart[0].(map[string]any)["metadata"].(map[string]any)["namespace"] = namespace
			cluster, e := newKitchen(t), &engine{state: state, chart: chart}
			s := cluster.stack(t).set("metallb.namespace", namespace).set("metallb.pool", "pool-2").set("metallb.advertisement", "lb-2")
			expectRefusal(t, e, s.whole(e), want)
		})
	}
}

// A chart is rendered with the values that it is installed with.
func TestChartsAreListedAsTheyAreInstalled(t *testing.T) {
	cluster, e, chart := newKitchen(t), &engine{}, t.TempDir()
	if err := cluster.stack(t).set("metallb.chart.path", chart).whole(e); err != nil {
		t.Fatal(err)
	}
	if len(e.rendered) != 1 {
		t.Fatalf("%d charts are rendered", len(e.rendered))
	}
	for _, word := range []string{`"path":"` + chart + `"`, `"namespace":"metallb-system"`, `"release_name":"metallb"`, `"webhookMode":"disabled"`} {
		if !strings.Contains(e.rendered[0], word) {
			t.Errorf("%s is not in the options %s", word, e.rendered[0])
		}
	}
}

// Rendered manifests do not replace an update of a deployed site, and a site is not deployed on the state of rendered
// manifests.
func TestAStackIsEitherRenderedOrDeployed(t *testing.T) {
	site := func(provider map[string]any) map[string]any {
		state := has(redisType, "redis", object("v1", "Service", "hankki", "redis"))
		maps.Copy(state, has("pulumi:providers:kubernetes", "cluster", provider))
		return state
	}
	deployed, rendered := site(map[string]any{"context": "kitchen"}), site(map[string]any{"renderYamlToDirectory": "manifests"})
	for name, row := range map[string]struct {
		state     map[string]any
		directory string
		want      []string
	}{
		"a new stack is rendered":              {nil, "out", nil},
		"rendered again, to another directory": {rendered, "out", nil},
		"deployed again":                       {deployed, "", nil},
		"rendering a deployed stack":           {deployed, "out", []string{`render.directory "out"`, "make render"}},
		"deploying a rendered stack":           {rendered, "", []string{`render.directory`, `"manifests"`, "another name"}},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, e := newKitchen(t), &engine{state: row.state}
			expectRefusal(t, e, cluster.stack(t).set("render.directory", row.directory).whole(e), row.want)
		})
	}
}
