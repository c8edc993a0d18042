package move

import (
	"errors"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	clienttesting "k8s.io/client-go/testing"

	"hankki/internal/cluster"
	"hankki/internal/clustertest"
	"hankki/internal/ownership"
	"hankki/internal/stacktest"
)

var errAway = errors.New("the API server is away")

// interrupted returns a move from hankki to kitchen that ended after some steps.
func interrupted(t *testing.T, steps ...func(move) error) move {
	t.Helper()
	m := newMove(t)
	for _, step := range steps {
		if err := step(m); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// An interrupted move can be continued, redirected to another namespace, or reverted. The volume with the data is bound to the
// claim in the requested namespace and has its former reclaim policy. No other claim is changed.
func TestInterruptedMoveCanBeContinued(t *testing.T) {
	keep := func(m move) error { return m.keep(t.Context()) }
	handOver := func(m move) error { _, err := m.handOver(t.Context()); return err }
	loseClaim := func(m move) error {
		return m.delete(t.Context(), cluster.Object{Kind: cluster.ClaimKind, Namespace: "hankki", Name: "postgres"})
	}
	for name, steps := range map[string][]func(move) error{
		"volumes are kept": {keep}, "the claim is deleted": {keep, loseClaim}, "volumes are reserved": {keep, handOver},
	} {
		for _, to := range []string{"kitchen", "pantry", "hankki"} {
			t.Run(name+", to "+to, func(t *testing.T) {
				m := interrupted(t, steps...)
				checkBegun(t, m, true)
				m.to = to
				volumes, err := m.handOver(t.Context())
				if err != nil || !slices.Equal(volumes, []string{"pv-1"}) {
					t.Fatalf("%v, %v", volumes, err)
				}
				pv := volume(t, m, "pv-1")
				if text(pv, "spec", "claimRef", "namespace") != to || text(pv, "spec", "persistentVolumeReclaimPolicy") != "Delete" || pv.GetAnnotations()[ownership.PolicyAnnotation] != "" {
					t.Errorf("the volume is %v", pv.Object)
				}
				_, err = m.client.Get(t.Context(), cluster.Object{Kind: cluster.ClaimKind, Namespace: "hankki", Name: "postgres"})
				bound := text(pv, "spec", "claimRef", "uid") != ""
				if stays := to == "hankki" && len(steps) == 1; bound != stays || (err == nil) != stays {
					t.Errorf("bound: %t, the old claim: %v", bound, err)
				}
			})
		}
	}
}

// Each request to the cluster fails once. A repeated step succeeds, and no volume is unprotected at any time.
func TestFailedCallCanBeRepeated(t *testing.T) {
	for fails := 0; ; fails++ {
		client, fake := clustertest.New(t, site)
		m := move{client: client, owner: "hankki/dev", from: "hankki", to: "kitchen", log: t.Output()}
		calls, failed := 0, false
		fake.PrependReactor("*", "*", func(clienttesting.Action) (bool, runtime.Object, error) {
			if calls++; calls-1 == fails {
				failed = true
				return true, nil, errAway
			}
			return false, nil, nil
		})
		step := func() error {
			if err := m.keep(t.Context()); err != nil {
				return err
			}
			_, err := m.handOver(t.Context())
			return err
		}
		_ = step()        // a failed read while the claim terminates is retried
		calls = fails + 1 // later calls succeed
		checkSafe(t, m)
		if !failed {
			if fails < 8 {
				t.Errorf("only %d calls were tested", fails)
			}
			return
		}
		if err := step(); err != nil {
			t.Fatalf("call %d failed, and then: %v", fails, err)
		}
		if pv := volume(t, m, "pv-1"); text(pv, "spec", "claimRef", "namespace") != "kitchen" || text(pv, "spec", "persistentVolumeReclaimPolicy") != "Delete" {
			t.Errorf("call %d failed, and the volume is %v", fails, pv.Object)
		}
	}
}

// checkSafe fails the test if a volume without a claim is neither retained nor reserved.
func checkSafe(t *testing.T, m move) {
	t.Helper()
	pv := volume(t, m, "pv-1")
	_, err := m.client.Get(t.Context(), cluster.Object{Kind: cluster.ClaimKind, Namespace: "hankki", Name: "postgres"})
	if err != nil && text(pv, "spec", "persistentVolumeReclaimPolicy") != "Retain" && text(pv, "spec", "claimRef", "uid") != "" {
		t.Errorf("the claim is deleted (%v), and the volume is neither retained nor reserved: %v", err, pv.Object)
	}
}

// An up by another version during a move can cause two volumes for one claim. The move then fails instead of choosing one.
func TestTwoVolumesForOneClaim(t *testing.T) {
	client, _ := clustertest.New(t, site+`
---
{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv-3, annotations: {hankki/owner: hankki/dev, hankki/reclaim-policy: Delete}},
  spec: {persistentVolumeReclaimPolicy: Retain, claimRef: {namespace: hankki, name: postgres, uid: "0"}}}
`)
	m := move{client: client, owner: "hankki/dev", from: "hankki", to: "kitchen", log: t.Output()}
	if err := m.keep(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := []*unstructured.Unstructured{volume(t, m, "pv-1"), volume(t, m, "pv-3")}
	_, err := m.handOver(t.Context())
	stacktest.CheckError(t, err, "pv-1", "pv-3", "PersistentVolumeClaim postgres", "kubectl annotate pv")
	for _, was := range before {
		if is := volume(t, m, was.GetName()); !equal(t, is.Object, was.Object) {
			t.Errorf("the volume was %v and is %v", was.Object, is.Object)
		}
	}
}
