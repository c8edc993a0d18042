package destroy

import (
	"fmt"
	"strings"
	"testing"

	"hankki/internal/cluster"
	"hankki/internal/clustertest"
	"hankki/internal/stack"
)

const (
	ourPool    = `{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {namespace: metallb-system, name: lan}}`
	ourKinds   = `{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: ipaddresspools.metallb.io}}`
	ourService = `{apiVersion: v1, kind: Service, metadata: {namespace: hankki, name: frontend, annotations: {metallb.io/ip-allocated-from-pool: lan}}}`
	measured   = `{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1beta1.metrics.k8s.io}}`
)

func names(t *testing.T, manifests ...string) (objects []cluster.Object) {
	t.Helper()
	for _, m := range manifests {
		objects = append(objects, clustertest.Name(t, m))
	}
	return objects
}

// What others use is found whoever they are: by hand, another stack, or one of this project.
func TestShared(t *testing.T) {
	for name, c := range map[string]struct {
		has    []string // objects of this stack
		others string
		want   string // uses, or empty
	}{
		"nothing of others": {[]string{ourKinds, ourPool, ourService}, "", ""},
		"a Service of others with an address of our pool": {[]string{ourPool},
			`{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web, annotations: {metallb.io/ip-allocated-from-pool: lan}}}`,
			"Service shop/web has an address of the pool lan"},
		"the annotation of MetalLB before 0.14": {[]string{ourPool},
			`{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web, annotations: {metallb.universe.tf/ip-allocated-from-pool: lan}}}`,
			"Service shop/web has an address of the pool lan"},
		"a Service with an address of another pool, MetalLB is not ours": {[]string{ourPool},
			`{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web, annotations: {metallb.io/ip-allocated-from-pool: other}}}`, ""},
		"a Service with an address of another pool, MetalLB is ours": {[]string{ourKinds, ourPool},
			`{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web, annotations: {metallb.io/ip-allocated-from-pool: other}}}`,
			"Service shop/web has an address of the pool other"},
		"another stack's Service": {[]string{ourKinds},
			`{apiVersion: v1, kind: Service, metadata: {namespace: dev, name: web, annotations: {hankki/owner: hankki/dev, hankki/owner-id: "2", metallb.io/ip-allocated-from-pool: lan}}}`,
			"Service dev/web has an address of the pool lan"},
		"a Service that an up of this stack left behind": {[]string{ourKinds},
			`{apiVersion: v1, kind: Service, metadata: {namespace: x, name: web, annotations: {hankki/owner: hankki/onprem, hankki/owner-id: "1", pulumi.com/patchFieldManager: hankki/onprem, metallb.io/ip-allocated-from-pool: lan}, managedFields: [{manager: hankki/onprem, operation: Apply}]}}`, ""},
		"a copy of our Service": {[]string{ourKinds},
			`{apiVersion: v1, kind: Service, metadata: {namespace: x, name: web, annotations: {hankki/owner: hankki/onprem, hankki/owner-id: "1", metallb.io/ip-allocated-from-pool: lan}}}`,
			"Service x/web has an address of the pool lan"},
		"a Service of another stack of this name": {[]string{ourKinds},
			`{apiVersion: v1, kind: Service, metadata: {namespace: x, name: web, annotations: {hankki/owner: hankki/onprem, hankki/owner-id: "2", metallb.io/ip-allocated-from-pool: lan}}}`,
			"Service x/web has an address of the pool lan"},
		"a pool of others in our MetalLB": {[]string{ourKinds, ourPool},
			`{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {namespace: metallb-system, name: other}}`,
			"IPAddressPool metallb-system/other configures MetalLB"},
		"a pool of others in a MetalLB that is not ours": {[]string{ourPool},
			`{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {namespace: metallb-system, name: other}}`, ""},
		"MetalLB's own status": {[]string{ourKinds},
			`{apiVersion: metallb.io/v1beta1, kind: ServiceL2Status, metadata: {namespace: metallb-system, name: l2-x}}`, ""},
		"an autoscaler of others": {[]string{measured},
			`{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {namespace: shop, name: web}}`,
			"HorizontalPodAutoscaler shop/web scales by what metrics-server measures"},
		"an autoscaler of others, metrics-server is not ours": {[]string{ourPool},
			`{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {namespace: shop, name: web}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := clustertest.New(t, strings.Join(append(c.has, c.others), "\n---\n"))
			uses, err := site{client: client, owner: "hankki/onprem", id: "1", objects: names(t, c.has...)}.shared(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, u := range uses {
				got = append(got, u.by)
			}
			if strings.Join(got, "\n") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if c.want == "" {
				return
			}
			for _, part := range []string{c.want, "onprem", "SHARED=keep", "SHARED=delete"} {
				if said := refusal("onprem", uses).Error(); !strings.Contains(said, part) {
					t.Errorf("%q is missing in: %s", part, said)
				}
			}
		})
	}
}

const (
	mark      = `annotations: {hankki/owner: hankki/onprem, hankki/owner-id: "1", pulumi.com/patchFieldManager: hankki/onprem}`
	ours      = mark + `, managedFields: [{manager: hankki/onprem, operation: Apply}]`
	copied    = mark + `, managedFields: [{manager: kubectl-create, operation: Update}]`
	namespace = `{apiVersion: v1, kind: Namespace, metadata: {name: hankki, ` + ours + `}}`
	claim     = `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: hankki, name: redis, ` + ours + `}}`
)

const notMade = "it carries this stack's mark, but this stack has not made it"

// After a destroy data stays unless it is to go, and a namespace goes when nothing is in it but what is the stack's.
func TestLeave(t *testing.T) {
	for name, c := range map[string]struct {
		in   string // the cluster
		data string
		want string // what is kept and why
	}{
		"an empty namespace goes":                           {namespace, KeepData, ""},
		"a claim stays, and its namespace":                  {namespace + "\n---\n" + claim, KeepData, "PersistentVolumeClaim hankki/redis: it holds data; Namespace hankki: there are in it: PersistentVolumeClaim redis"},
		"a claim goes on demand":                            {namespace + "\n---\n" + claim, DeleteData, ""},
		"what Kubernetes puts in does not count":            {namespace + "\n---\n" + `{apiVersion: v1, kind: ConfigMap, metadata: {namespace: hankki, name: kube-root-ca.crt}}` + "\n---\n" + `{apiVersion: v1, kind: ServiceAccount, metadata: {namespace: hankki, name: default}}` + "\n---\n" + `{apiVersion: v1, kind: Event, metadata: {namespace: hankki, name: e}}`, KeepData, ""},
		"what is made for another object neither":           {namespace + "\n---\n" + `{apiVersion: v1, kind: Pod, metadata: {namespace: hankki, name: p, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: r, uid: u}]}}`, KeepData, ""},
		"what a killed up left behind goes":                 {namespace + "\n---\n" + `{apiVersion: v1, kind: ConfigMap, metadata: {namespace: hankki, name: x, ` + ours + `}}`, KeepData, ""},
		"an object of others keeps it":                      {namespace + "\n---\n" + `{apiVersion: v1, kind: Secret, metadata: {namespace: hankki, name: theirs}}`, DeleteData, "Namespace hankki: there are in it: Secret theirs"},
		"a claim of others stays on demand too":             {namespace + "\n---\n" + `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: hankki, name: theirs}}`, DeleteData, "Namespace hankki: there are in it: PersistentVolumeClaim theirs"},
		"another stack's namespace is no matter":            {strings.NewReplacer("onprem", "dev", `"1"`, `"2"`).Replace(namespace), DeleteData, ""},
		"what was kept before is known by the stack's name": {strings.ReplaceAll(namespace+"\n---\n"+claim, `"1"`, "by-name"), DeleteData, ""},
		"an object of another stack of this name keeps it": {namespace + "\n---\n" + `{apiVersion: v1, kind: Secret, metadata: {namespace: hankki, name: x, annotations: {hankki/owner: hankki/onprem, hankki/owner-id: "2"}}}`,
			KeepData, "Namespace hankki: there are in it: Secret x"},
		"a copy of a claim stays on demand too": {namespace + "\n---\n" + claim + "\n---\n" + `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: hankki, name: copy, ` + copied + `}}`, DeleteData,
			"PersistentVolumeClaim hankki/copy: " + notMade + "; Namespace hankki: there are in it: PersistentVolumeClaim copy"},
		"a copy of a claim elsewhere":         {`{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: theirs, name: redis, ` + copied + `}}`, DeleteData, "PersistentVolumeClaim theirs/redis: " + notMade},
		"a copy of a namespace":               {`{apiVersion: v1, kind: Namespace, metadata: {name: theirs, ` + copied + `}}`, DeleteData, "Namespace theirs: " + notMade},
		"a copy of a kept claim":              {strings.ReplaceAll(`{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: theirs, name: redis, `+copied+`}}`, `"1"`, "by-name"), DeleteData, "PersistentVolumeClaim theirs/redis: " + notMade},
		"a copied Secret keeps the namespace": {namespace + "\n---\n" + `{apiVersion: v1, kind: Secret, metadata: {namespace: hankki, name: copy, ` + copied + `}}`, DeleteData, "Namespace hankki: there are in it: Secret copy"},
		"of many objects five are named": {namespace + manySecrets(7), KeepData,
			"Namespace hankki: there are in it: Secret s0, Secret s1, Secret s2, Secret s3, Secret s4, 2 more"},
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
					want = "" // that would delete what others have in it
				}
				if kept.Remove != want {
					t.Errorf("%s is removed by %q", kept.Object, kept.Remove)
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

// What an earlier version made bears no mark; it gets one before it is kept. Marks of others stay.
func TestMark(t *testing.T) {
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
			t.Errorf("%s is marked %q, want %q", cluster.Name(live), owner+" "+id, want)
		}
	}
}

// A claim by the name of one in the state is not the stack's if somebody has put it in the place of that one.
func TestTheStateKnowsTheVeryObject(t *testing.T) {
	const unmarked = `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: hankki, name: redis, uid: new}}`
	for _, uid := range []string{"new", "former"} {
		client, _ := clustertest.New(t, unmarked)
		s := site{client: client, owner: "hankki/onprem", id: "1", objects: names(t, unmarked), uids: map[string]bool{uid: true}}
		if _, err := s.leave(t.Context(), Options{Data: DeleteData, Log: &strings.Builder{}}); err != nil {
			t.Fatal(err)
		}
		_, err := client.Get(t.Context(), clustertest.Name(t, unmarked))
		if gone := cluster.Gone(err); gone != (uid == "new") {
			t.Errorf("the claim of the UID new is gone: %v; the state knows %s", gone, uid)
		}
	}
}

// MetalLB that was left to others is not taken away by a later destroy, such as one with DATA=delete, though it carries the stack's mark.
func TestWhatWasLeftToOthersStays(t *testing.T) {
	metallb := `{apiVersion: v1, kind: Namespace, metadata: {name: metallb-system, uid: "7", ` + ours + `}}`
	inIt := `{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: metallb-system, name: metallb-controller, ` + ours + `}}`
	state, err := stack.Parse([]byte(`{"resources": [{"urn": "urn:pulumi:onprem::hankki::hankki:components:MetalLB$kubernetes:core/v1:Namespace::metallb-system", "type": "kubernetes:core/v1:Namespace",
		"custom": true, "id": "metallb-system", "inputs": {"apiVersion": "v1", "kind": "Namespace"}, "outputs": {"metadata": {"uid": "7"}}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		shared string
		again  bool // the stack has been deployed since
		gone   bool
	}{
		"by the same destroy":  {KeepShared, false, false},
		"by a later one":       {RefuseShared, false, false},
		"unless it is told to": {DeleteShared, false, true},
		"after another up":     {RefuseShared, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := clustertest.New(t, metallb+"\n---\n"+inIt)
			s := site{client: client, owner: "hankki/onprem", id: "1"}
			if err := s.share(t.Context(), state, []use{{metalLBComponent, "somebody"}}); err != nil {
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
			if gone := cluster.Gone(err); gone != c.gone || gone == (len(left.Objects) > 0) {
				t.Errorf("gone: %v, want %v; left: %v", gone, c.gone, left.Objects)
			}
		})
	}
}
