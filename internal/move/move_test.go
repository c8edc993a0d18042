package move

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"hankki/internal/cluster"
	"hankki/internal/clustertest"
	"hankki/internal/stack"
	"hankki/internal/stacktest"
)

const site = `
{apiVersion: v1, kind: Namespace, metadata: {name: hankki, annotations: {hankki/owner: hankki/dev}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: empty, annotations: {hankki/owner: hankki/dev}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: theirs}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: till}}
---
{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: hankki, name: postgres, annotations: {hankki/owner: hankki/dev}}, spec: {volumeName: pv-1}}
---
{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: hankki, name: redis, annotations: {hankki/owner: hankki/dev}}}
---
{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {namespace: hankki, name: theirs}, spec: {volumeName: pv-2}}
---
{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv-1, annotations: {pv.kubernetes.io/bound-by-controller: "yes"}},
  spec: {persistentVolumeReclaimPolicy: Delete, claimRef: {apiVersion: v1, kind: PersistentVolumeClaim, namespace: hankki, name: postgres, uid: "1", resourceVersion: "2"}}}
---
{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv-2}, spec: {persistentVolumeReclaimPolicy: Delete, claimRef: {namespace: hankki, name: theirs, uid: "3"}}}
`

func newMove(t *testing.T) move {
	t.Helper()
	client, _ := clustertest.New(t, site)
	return move{client: client, owner: "hankki/dev", from: "hankki", to: "kitchen", log: io.Discard}
}

func volume(t *testing.T, m move, name string) *unstructured.Unstructured {
	t.Helper()
	live, err := m.client.Get(t.Context(), cluster.Object{Kind: volumeKind, Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return live
}

func checkBegun(t *testing.T, m move, want bool) {
	t.Helper()
	if volumes, err := m.travelling(t.Context()); err != nil || len(volumes) > 0 != want {
		t.Errorf("travelling: %v, %v, want some: %t", volumes, err, want)
	}
}

// Each step can be repeated, as after an interruption. Foreign volumes are not changed.
func TestVolumesAreMoved(t *testing.T) {
	m := newMove(t)
	others := volume(t, m, "pv-2").Object
	checkBegun(t, m, false)
	for range 2 {
		if err := m.keep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if policy := text(volume(t, m, "pv-1"), "spec", "persistentVolumeReclaimPolicy"); policy != "Retain" {
			t.Fatalf("the reclaim policy is %s", policy)
		}
		checkBegun(t, m, true)
	}
	for range 2 {
		names, err := m.handOver(t.Context())
		if err != nil || !slices.Equal(names, []string{"pv-1"}) {
			t.Fatalf("%v, %v", names, err)
		}
		checkBegun(t, m, true)
	}
	moved := volume(t, m, "pv-1")
	got, err := json.Marshal(moved.Object["spec"])
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"claimRef":{"apiVersion":"v1","kind":"PersistentVolumeClaim","name":"postgres","namespace":"kitchen"},"persistentVolumeReclaimPolicy":"Delete"}`; string(got) != want {
		t.Errorf("the volume is\n%s, want\n%s", got, want)
	}
	if _, err := m.client.Get(t.Context(), cluster.Object{Kind: cluster.ClaimKind, Namespace: "hankki", Name: "postgres"}); !cluster.NotFound(err) {
		t.Errorf("the old claim: %v", err)
	}
	for _, name := range []string{"redis", "theirs"} {
		if _, err := m.client.Get(t.Context(), cluster.Object{Kind: cluster.ClaimKind, Namespace: "hankki", Name: name}); err != nil {
			t.Error(err)
		}
	}
	if now := volume(t, m, "pv-2").Object; !equal(t, now, others) {
		t.Errorf("the foreign volume is now %v", now)
	}

	// Bound by the new claim, and then moved back.
	if err := m.patch(t.Context(), cluster.Name(moved), nil, map[string]any{"claimRef": map[string]any{"uid": "4"}}); err != nil {
		t.Fatal(err)
	}
	back := move{client: m.client, owner: m.owner, from: m.to, to: m.from, log: io.Discard}
	checkBegun(t, m, false)
	checkBegun(t, back, false)
}

func TestRefusedMoves(t *testing.T) {
	deployed := &stack.State{Resources: []*stack.Resource{{}}}
	for _, row := range []struct {
		to, configured string
		begun          bool
		problem        string // empty: the move is allowed
	}{
		{"hankki", "hankki", false, "current namespace"},
		{"Kitchen", "hankki", false, `namespace "Kitchen" is not a valid name`},
		{"", "hankki", false, "not a valid name"},
		{"shop", "hankki", false, "Service shop/till"},
		{"shop", "hankki", true, "Service shop/till"},
		{"kitchen", "hankki", false, ""},
		{"kitchen", "kitchen", false, ""}, // the key is already changed, and an up was refused
		{"hankki", "hankki", true, ""},    // an interrupted move is reverted
	} {
		m := newMove(t)
		m.to = row.to
		switch err := m.check(t.Context(), deployed, row.configured, row.begun); {
		case row.problem == "" && err != nil:
			t.Errorf("%+v: %v", row, err)
		case row.problem != "" && (err == nil || !strings.Contains(err.Error(), row.problem)):
			t.Errorf("%+v: %v", row, err)
		}
	}
	m := newMove(t)
	m.to = "shop"
	err := m.check(t.Context(), &stack.State{}, "hankki", false)
	stacktest.CheckError(t, err, "not deployed", "Service shop/till") // an undeployed stack and a namespace with objects
}

// Foreign objects stay, and so does a namespace without the stack's annotations, such as "default".
func TestEmptyOldNamespaceIsDeleted(t *testing.T) {
	for from, row := range map[string]struct{ left, there int }{
		"hankki": {3, 1}, "empty": {0, 0}, "theirs": {0, 1}, "gone": {0, 0},
	} {
		t.Run(from, func(t *testing.T) {
			m := newMove(t)
			m.from = from
			left, err := m.removeNamespace(t.Context())
			if err != nil || len(left) != row.left {
				t.Errorf("left %v, %v", left, err)
			}
			_, err = m.client.Get(t.Context(), cluster.Object{Kind: cluster.NamespaceKind, Name: from})
			if cluster.NotFound(err) != (row.there == 0) {
				t.Error(err)
			}
		})
	}
}

const state = `{"resources": [
 {"urn": "urn:pulumi:dev::hankki::hankki:components:Namespace$kubernetes:core/v1:Namespace::hankki", "type": "kubernetes:core/v1:Namespace", "custom": true, "id": "hankki", "outputs": {"apiVersion": "v1", "kind": "Namespace"}},
 {"urn": "urn:pulumi:dev::hankki::hankki:components:MetalLB$kubernetes:core/v1:Service::webhook", "type": "kubernetes:core/v1:Service", "custom": true, "id": "metallb-system/webhook", "outputs": {"apiVersion": "v1", "kind": "Service"}},
 {"urn": "urn:pulumi:dev::hankki::kubernetes:core/v1:Service::redis", "type": "kubernetes:core/v1:Service", "custom": true, "id": "hankki/redis", "outputs": {"apiVersion": "v1", "kind": "Service"}},
 {"urn": "urn:pulumi:dev::hankki::kubernetes:core/v1:Namespace::other", "type": "kubernetes:core/v1:Namespace", "custom": true, "id": "metallb-system", "outputs": {"apiVersion": "v1", "kind": "Namespace"}}
]}`

func TestOnlyTheSiteIsRemoved(t *testing.T) {
	parsed, err := stack.Parse(json.RawMessage(state))
	if err != nil {
		t.Fatal(err)
	}
	if from := siteOf(parsed); from != "hankki" {
		t.Errorf("the site is in %q", from)
	}
	urns := inside(parsed, "hankki")
	if len(urns) != 2 || !strings.HasSuffix(urns[0], "::hankki") || !strings.HasSuffix(urns[1], "::redis") {
		t.Errorf("%v", urns)
	}
}

func equal(t *testing.T, a, b map[string]any) bool {
	t.Helper()
	one, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	other, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(one) == string(other)
}
