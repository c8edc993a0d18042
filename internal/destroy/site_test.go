package destroy

import (
	"fmt"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	k8stesting "k8s.io/client-go/testing"

	"hankki/internal/cluster"
	"hankki/internal/clustertest"
	"hankki/internal/stack"
)

const (
	ourPool    = `{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {namespace: metallb-system, name: lan}}`
	ourKinds   = `{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: ipaddresspools.metallb.io}}`
	ourService = `{apiVersion: v1, kind: Service, metadata: {namespace: hankki, name: frontend, annotations: {metallb.io/ip-allocated-from-pool: lan}}}`
	metricsAPI = `{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1beta1.metrics.k8s.io}}`
)

func names(t *testing.T, manifests ...string) (objects []cluster.Object) {
	t.Helper()
	for _, m := range manifests {
		objects = append(objects, clustertest.Name(t, m))
	}
	return objects
}

// Uses by manually created objects, by other stacks and by other releases of this project are found.
func TestShared(t *testing.T) {
	for name, c := range map[string]struct {
		has    []string // objects of this stack
		others string   // other objects
		want   string   // uses, or empty
	}{
		"no other objects": {[]string{ourKinds, ourPool, ourService}, "", ""},
		"another Service with an address of our pool": {[]string{ourPool},
			`{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web, annotations: {metallb.io/ip-allocated-from-pool: lan}}}`,
			"Service shop/web has an address of the pool lan"},
		"the annotation of MetalLB before 0.14": {[]string{ourPool},
			`{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web, annotations: {metallb.universe.tf/ip-allocated-from-pool: lan}}}`,
			"Service shop/web has an address of the pool lan"},
		"a Service with an address of another pool, MetalLB is not installed by the stack": {[]string{ourPool},
			`{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web, annotations: {metallb.io/ip-allocated-from-pool: other}}}`, ""},
		"a Service with an address of another pool, MetalLB is installed by the stack": {[]string{ourKinds, ourPool},
			`{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web, annotations: {metallb.io/ip-allocated-from-pool: other}}}`,
			"Service shop/web has an address of the pool other"},
		"a Service of another stack": {[]string{ourKinds},
			`{apiVersion: v1, kind: Service, metadata: {namespace: dev, name: web, annotations: {hankki/owner: hankki/dev, hankki/owner-id: "2", metallb.io/ip-allocated-from-pool: lan}}}`,
			"Service dev/web has an address of the pool lan"},
		"a Service left by an up of this stack": {[]string{ourKinds},
			`{apiVersion: v1, kind: Service, metadata: {namespace: x, name: web, annotations: {hankki/owner: hankki/onprem, hankki/owner-id: "1", pulumi.com/patchFieldManager: hankki/onprem, metallb.io/ip-allocated-from-pool: lan}, managedFields: [{manager: hankki/onprem, operation: Apply}]}}`, ""},
		"a copy of our Service": {[]string{ourKinds},
			`{apiVersion: v1, kind: Service, metadata: {namespace: x, name: web, annotations: {hankki/owner: hankki/onprem, hankki/owner-id: "1", metallb.io/ip-allocated-from-pool: lan}}}`,
			"Service x/web has an address of the pool lan"},
		"a Service of another stack with the same name": {[]string{ourKinds},
			`{apiVersion: v1, kind: Service, metadata: {namespace: x, name: web, annotations: {hankki/owner: hankki/onprem, hankki/owner-id: "2", metallb.io/ip-allocated-from-pool: lan}}}`,
			"Service x/web has an address of the pool lan"},
		"another pool, MetalLB is installed by the stack": {[]string{ourKinds, ourPool},
			`{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {namespace: metallb-system, name: other}}`,
			"IPAddressPool metallb-system/other configures MetalLB"},
		"another pool, MetalLB is not installed by the stack": {[]string{ourPool},
			`{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {namespace: metallb-system, name: other}}`, ""},
		"MetalLB's own status": {[]string{ourKinds},
			`{apiVersion: metallb.io/v1beta1, kind: ServiceL2Status, metadata: {namespace: metallb-system, name: l2-x}}`, ""},
		"another autoscaler": {[]string{metricsAPI},
			`{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {namespace: shop, name: web}}`,
			"HorizontalPodAutoscaler shop/web uses metrics from metrics-server"},
		"another autoscaler, metrics-server is not installed by the stack": {[]string{ourPool},
			`{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {namespace: shop, name: web}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := clustertest.New(t, strings.Join(append(c.has, c.others), "\n---\n"))
			uses, err := site{client: client, owner: "hankki/onprem", id: "1", objects: names(t, c.has...)}.shared(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got := users(uses); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if c.want == "" {
				return
			}
			for _, part := range []string{c.want, "onprem", "SHARED=keep", "SHARED=delete"} {
				if message := sharedError("onprem", uses).Error(); !strings.Contains(message, part) {
					t.Errorf("the error lacks %q: %s", part, message)
				}
			}
		})
	}
}

// users are the objects that use components of the stack, a line each.
func users(uses []use) string {
	var by []string
	for _, u := range uses {
		by = append(by, u.by)
	}
	return strings.Join(by, "\n")
}

// A namespace that the stack created for a site is in use while it has objects of others.
func TestSiteContents(t *testing.T) {
	const deployer = `{apiVersion: v1, kind: ServiceAccount, metadata: {namespace: shop, name: deployer}}`
	for name, row := range map[string]struct{ others, want string }{
		"no site":      {``, ""},
		"a site":       {`{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: shop, name: backend}}` + "\n---\n" + `{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: backend}}`, "namespace shop of a site has objects of others (2), e.g. Deployment shop/backend"},
		"kept data":    {`{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: shop, name: postgres}}`, "namespace shop of a site has objects of others (1), e.g. PersistentVolumeClaim shop/postgres"},
		"another site": {`{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: sweets, name: backend}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := clustertest.New(t, deployer+"\n---\n"+row.others)
			uses, err := site{client: client, owner: "hankki/platform", id: "1", objects: names(t, deployer), sites: []string{"shop"}}.shared(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got := users(uses); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// A site's deployer may list claims in its namespace only, and read its namespace, which is not the stack's.
func TestDeployerListsItsNamespace(t *testing.T) {
	client, fake := clustertest.New(t, claim+"\n---\n"+`{apiVersion: v1, kind: Namespace, metadata: {name: hankki, annotations: {hankki/owner: hankki/platform, hankki/owner-id: "2"}}}`)
	fake.PrependReactor("list", "*", func(action k8stesting.Action) (bool, runtime.Object, error) {
		if resource := action.GetResource().Resource; action.GetNamespace() == "" {
			return true, nil, apierrors.NewForbidden(schema.GroupResource{Resource: resource}, "", nil)
		}
		return false, nil, nil
	})
	h, err := site{client: client, owner: "hankki/onprem", id: "1", objects: names(t, ourService)}.remaining(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(h.claims) != 1 || len(h.namespaces) != 0 {
		t.Errorf("%d claims and %d namespaces remain, want 1 and 0", len(h.claims), len(h.namespaces))
	}
}

const (
	mark      = `annotations: {hankki/owner: hankki/onprem, hankki/owner-id: "1", pulumi.com/patchFieldManager: hankki/onprem}`
	owns      = mark + `, managedFields: [{manager: hankki/onprem, operation: Apply}]`
	copied    = mark + `, managedFields: [{manager: kubectl-create, operation: Update}]`
	namespace = `{apiVersion: v1, kind: Namespace, metadata: {name: hankki, ` + owns + `}}`
	claim     = `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: hankki, name: redis, ` + owns + `}}`
)

const notMade = "it has this stack's ownership annotations, but this stack did not create it"

// A destroy keeps data unless Options say otherwise, and deletes namespaces that contain only objects of the stack.
func TestLeave(t *testing.T) {
	for name, c := range map[string]struct {
		in   string // objects in the cluster
		data string
		want string // remaining objects with their reasons
	}{
		"an empty namespace is deleted":                                         {namespace, KeepData, ""},
		"a claim and its namespace stay":                                        {namespace + "\n---\n" + claim, KeepData, "PersistentVolumeClaim hankki/redis: it holds data; Namespace hankki: it contains: PersistentVolumeClaim redis"},
		"a claim is deleted with DATA=delete":                                   {namespace + "\n---\n" + claim, DeleteData, ""},
		"objects that Kubernetes creates are ignored":                           {namespace + "\n---\n" + `{apiVersion: v1, kind: ConfigMap, metadata: {namespace: hankki, name: kube-root-ca.crt}}` + "\n---\n" + `{apiVersion: v1, kind: ServiceAccount, metadata: {namespace: hankki, name: default}}` + "\n---\n" + `{apiVersion: v1, kind: Event, metadata: {namespace: hankki, name: e}}`, KeepData, ""},
		"objects with an owner are ignored":                                     {namespace + "\n---\n" + `{apiVersion: v1, kind: Pod, metadata: {namespace: hankki, name: p, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: r, uid: u}]}}`, KeepData, ""},
		"objects left by a killed up are deleted":                               {namespace + "\n---\n" + `{apiVersion: v1, kind: ConfigMap, metadata: {namespace: hankki, name: x, ` + owns + `}}`, KeepData, ""},
		"a foreign object keeps the namespace":                                  {namespace + "\n---\n" + `{apiVersion: v1, kind: Secret, metadata: {namespace: hankki, name: theirs}}`, DeleteData, "Namespace hankki: it contains: Secret theirs"},
		"a foreign claim stays with DATA=delete":                                {namespace + "\n---\n" + `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: hankki, name: theirs}}`, DeleteData, "Namespace hankki: it contains: PersistentVolumeClaim theirs"},
		"another stack's namespace is ignored":                                  {strings.NewReplacer("onprem", "dev", `"1"`, `"2"`).Replace(namespace), DeleteData, ""},
		"objects kept by an earlier destroy are identified by the stack's name": {strings.ReplaceAll(namespace+"\n---\n"+claim, `"1"`, "by-name"), DeleteData, ""},
		"an object of another stack with the same name keeps the namespace": {namespace + "\n---\n" + `{apiVersion: v1, kind: Secret, metadata: {namespace: hankki, name: x, annotations: {hankki/owner: hankki/onprem, hankki/owner-id: "2"}}}`,
			KeepData, "Namespace hankki: it contains: Secret x"},
		"a copy of a claim stays with DATA=delete": {namespace + "\n---\n" + claim + "\n---\n" + `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: hankki, name: copy, ` + copied + `}}`, DeleteData,
			"PersistentVolumeClaim hankki/copy: " + notMade + "; Namespace hankki: it contains: PersistentVolumeClaim copy"},
		"a copy of a claim in another namespace": {`{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: theirs, name: redis, ` + copied + `}}`, DeleteData, "PersistentVolumeClaim theirs/redis: " + notMade},
		"a copy of a namespace":                  {`{apiVersion: v1, kind: Namespace, metadata: {name: theirs, ` + copied + `}}`, DeleteData, "Namespace theirs: " + notMade},
		"a copy of a kept claim":                 {strings.ReplaceAll(`{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: theirs, name: redis, `+copied+`}}`, `"1"`, "by-name"), DeleteData, "PersistentVolumeClaim theirs/redis: " + notMade},
		"a copied Secret keeps the namespace":    {namespace + "\n---\n" + `{apiVersion: v1, kind: Secret, metadata: {namespace: hankki, name: copy, ` + copied + `}}`, DeleteData, "Namespace hankki: it contains: Secret copy"},
		"at most five objects are named": {namespace + manySecrets(7), KeepData,
			"Namespace hankki: it contains: Secret s0, Secret s1, Secret s2, Secret s3, Secret s4, 2 more"},
	} {
		t.Run(name, func(t *testing.T) {
			client, fake := clustertest.New(t, c.in)
			left, err := site{client: client, owner: "hankki/onprem", id: "1"}.leave(t.Context(), Options{Data: c.data, Log: &strings.Builder{}})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, kept := range left.Objects {
				got = append(got, kept.Object.String()+": "+kept.Why)
				want := "kubectl delete " + kept.Object.Kubectl()
				if kept.Why == notMade || strings.Contains(kept.Why, "copy") || strings.Contains(kept.Why, "Secret") || strings.Contains(kept.Why, "theirs") {
					want = "" // the command would delete objects of others
				}
				if kept.Remove != want {
					t.Errorf("%s: command %q", kept.Object, kept.Remove)
				}
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("kept: %q\nwant: %q", got, c.want)
			}
			for _, action := range fake.Actions() {
				if action.GetVerb() == "delete" && c.want != "" && !strings.Contains(c.want, action.GetResource().Resource) && c.data == KeepData {
					t.Errorf("deleted: %v", action)
				}
			}
		})
	}
}

func manySecrets(n int) string {
	var all strings.Builder
	for i := range n {
		fmt.Fprintf(&all, "\n---\n{apiVersion: v1, kind: Secret, metadata: {namespace: hankki, name: s%d}}", i)
	}
	return all.String()
}

// Objects of an earlier version have no ownership annotations; they get them before they are kept. Annotations of
// others are not changed.
func TestAnnotateKeptObjects(t *testing.T) {
	unmarked := `{apiVersion: v1, kind: Namespace, metadata: {name: hankki}}`
	theirs := `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: hankki, name: redis, annotations: {hankki/owner: hankki/dev, hankki/owner-id: "2"}}}`
	unknown := `{apiVersion: v1, kind: Namespace, metadata: {name: shop}}`
	client, _ := clustertest.New(t, strings.Join([]string{unmarked, theirs, unknown}, "\n---\n"))
	s := site{client: client, owner: "hankki/onprem", objects: names(t, unmarked, theirs)}
	if err := s.mark(t.Context()); err != nil {
		t.Fatal(err)
	}
	for manifest, want := range map[string]string{unmarked: "hankki/onprem by-name", theirs: "hankki/dev 2", unknown: " "} {
		live, err := client.Get(t.Context(), clustertest.Name(t, manifest))
		if err != nil {
			t.Fatal(err)
		}
		if owner, id := markOf(live); owner+" "+id != want {
			t.Errorf("%s: annotations %q, want %q", cluster.Name(live), owner+" "+id, want)
		}
	}
}

// A claim with the name of one in the state does not belong to the stack if its UID differs.
func TestRecreatedObjectIsForeign(t *testing.T) {
	const unmarked = `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: hankki, name: redis, uid: new}}`
	for _, uid := range []string{"new", "former"} {
		t.Run("UID "+uid, func(t *testing.T) {
			client, _ := clustertest.New(t, unmarked)
			s := site{client: client, owner: "hankki/onprem", id: "1", objects: names(t, unmarked), uids: map[string]bool{uid: true}}
			if _, err := s.leave(t.Context(), Options{Data: DeleteData, Log: &strings.Builder{}}); err != nil {
				t.Fatal(err)
			}
			_, err := client.Get(t.Context(), clustertest.Name(t, unmarked))
			if gone := cluster.NotFound(err); gone != (uid == "new") {
				t.Errorf("claim with the UID new deleted: %v; UID in the state: %s", gone, uid)
			}
		})
	}
}

// A later destroy keeps a MetalLB that was left to others, even with DATA=delete and although it has the stack's
// ownership annotations.
func TestComponentsLeftToOthersStay(t *testing.T) {
	metallb := `{apiVersion: v1, kind: Namespace, metadata: {name: metallb-system, uid: "7", ` + owns + `}}`
	inIt := `{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: metallb-system, name: metallb-controller, ` + owns + `}}`
	state, err := stack.Parse([]byte(`{"resources": [{"urn": "urn:pulumi:onprem::hankki::hankki:components:MetalLB$kubernetes:core/v1:Namespace::metallb-system", "type": "kubernetes:core/v1:Namespace",
		"custom": true, "id": "metallb-system", "inputs": {"apiVersion": "v1", "kind": "Namespace"}, "outputs": {"metadata": {"uid": "7"}}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		shared string
		again  bool // deployed again in between
		gone   bool
	}{
		"by the same destroy":                   {KeepShared, false, false},
		"by a later destroy":                    {RefuseShared, false, false},
		"by a later destroy with SHARED=delete": {DeleteShared, false, true},
		"after another up":                      {RefuseShared, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := clustertest.New(t, metallb+"\n---\n"+inIt)
			s := site{client: client, owner: "hankki/onprem", id: "1"}
			if err := s.share(t.Context(), state, []use{{metalLBComponent, "a Service"}}); err != nil {
				t.Fatal(err)
			}
			if c.again {
				s.objects, s.uids = state.Objects(), state.UIDs()
			}
			left, err := s.leave(t.Context(), Options{Data: DeleteData, Shared: c.shared, Log: &strings.Builder{}})
			if err != nil {
				t.Fatal(err)
			}
			_, err = client.Get(t.Context(), clustertest.Name(t, metallb))
			if gone := cluster.NotFound(err); gone != c.gone || gone == (len(left.Objects) > 0) {
				t.Errorf("deleted: %v, want %v; remaining: %v", gone, c.gone, left.Objects)
			}
		})
	}
}
