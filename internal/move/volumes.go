package move

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"hankki/internal/cluster"
	"hankki/ownership"
)

// policyAnnotation keeps on a volume that is on its way what its reclaim policy was.
const policyAnnotation = "hankki/reclaim-policy"

var volumeKind = schema.GroupVersionKind{Version: "v1", Kind: "PersistentVolume"}

// keep has the volumes of the stack's claims in the old namespace outlive their claims.
func (m move) keep(ctx context.Context) error {
	claims, err := m.client.List(ctx, cluster.ClaimKind, m.from)
	if err != nil {
		return err
	}
	for _, claim := range claims {
		name := text(&claim, "spec", "volumeName") // empty: the claim waits for its first pod and holds nothing
		if claim.GetAnnotations()[ownership.NameAnnotation] != m.owner || name == "" {
			continue
		}
		volume := cluster.Object{Kind: volumeKind, Name: name}
		live, err := m.client.Get(ctx, volume)
		if err != nil {
			return err
		}
		if live.GetAnnotations()[policyAnnotation] != "" {
			continue
		}
		if err := m.patch(ctx, volume, map[string]any{policyAnnotation: text(live, "spec", "persistentVolumeReclaimPolicy"), ownership.NameAnnotation: m.owner},
			map[string]any{"persistentVolumeReclaimPolicy": "Retain"}); err != nil {
			return err
		}
	}
	return nil
}

// handOver deletes the claims of the volumes that are kept, and reserves each volume for the claim of the same name in the new
// namespace. It returns the volumes' names.
func (m move) handOver(ctx context.Context) (names []string, err error) {
	kept, err := m.kept(ctx)
	if err != nil {
		return nil, err
	}
	for _, live := range kept {
		claim := text(&live, "spec", "claimRef", "name")
		if err := m.delete(ctx, cluster.Object{Kind: cluster.ClaimKind, Namespace: m.from, Name: claim}); err != nil {
			return nil, err
		}
		// A reservation without a UID holds for a claim that is yet to come; the volume is not reclaimed meanwhile.
		if err := m.patch(ctx, cluster.Name(&live), map[string]any{policyAnnotation: nil, "pv.kubernetes.io/bound-by-controller": nil},
			map[string]any{
				"persistentVolumeReclaimPolicy": live.GetAnnotations()[policyAnnotation],
				"claimRef":                      map[string]any{"namespace": m.to, "uid": nil, "resourceVersion": nil},
			}); err != nil {
			return nil, err
		}
		fmt.Fprintf(m.log, "PersistentVolume %s is reserved for PersistentVolumeClaim %s/%s\n", live.GetName(), m.to, claim)
	}
	reserved, err := m.volumes(ctx, m.to)
	for _, live := range reserved {
		names = append(names, live.GetName())
	}
	return names, err
}

// begun tells whether an earlier move to the same namespace was interrupted: the stack must not be deployed in the old one again,
// which would give it new volumes.
func (m move) begun(ctx context.Context) (bool, error) {
	kept, err := m.kept(ctx)
	if err != nil {
		return false, err
	}
	reserved, err := m.volumes(ctx, m.to)
	reserved = slices.DeleteFunc(reserved, func(v unstructured.Unstructured) bool { return text(&v, "spec", "claimRef", "uid") != "" })
	return len(kept)+len(reserved) > 0, err
}

// kept are the volumes of the old namespace that outlive their claims.
func (m move) kept(ctx context.Context) ([]unstructured.Unstructured, error) {
	volumes, err := m.volumes(ctx, m.from)
	return slices.DeleteFunc(volumes, func(v unstructured.Unstructured) bool { return v.GetAnnotations()[policyAnnotation] == "" }), err
}

// volumes are those of the stack's moves that belong to claims of a namespace.
func (m move) volumes(ctx context.Context, namespace string) ([]unstructured.Unstructured, error) {
	volumes, err := m.client.List(ctx, volumeKind, "")
	return slices.DeleteFunc(volumes, func(v unstructured.Unstructured) bool {
		return v.GetAnnotations()[ownership.NameAnnotation] != m.owner || text(&v, "spec", "claimRef", "namespace") != namespace
	}), err
}

func (m move) patch(ctx context.Context, o cluster.Object, annotations, spec map[string]any) error {
	resource, err := m.client.Resource(o)
	if err != nil {
		return err
	}
	change, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": annotations}, "spec": spec})
	if err != nil {
		return fmt.Errorf("%s: %w", o, err)
	}
	if _, err := resource.Patch(ctx, o.Name, types.MergePatchType, change, metav1.PatchOptions{FieldManager: m.owner}); err != nil {
		return fmt.Errorf("%s: %w", o, err)
	}
	return nil
}

// text is a field of an object; empty if it has none.
func text(o *unstructured.Unstructured, path ...string) string {
	value, _, _ := unstructured.NestedString(o.Object, path...)
	return value
}
