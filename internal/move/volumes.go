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
	"hankki/internal/ownership"
)

var volumeKind = schema.GroupVersionKind{Version: "v1", Kind: "PersistentVolume"}

// keep sets the reclaim policy of the volumes in the old namespace to Retain.
func (m move) keep(ctx context.Context) error {
	claims, err := m.client.List(ctx, cluster.ClaimKind, m.from)
	if err != nil {
		return err
	}
	for _, claim := range claims {
		name := text(&claim, "spec", "volumeName") // empty: the claim waits for its first pod and has no data
		if claim.GetAnnotations()[ownership.NameAnnotation] != m.owner || name == "" {
			continue
		}
		volume := cluster.Object{Kind: volumeKind, Name: name}
		live, err := m.client.Get(ctx, volume)
		if err != nil {
			return err
		}
		if live.GetAnnotations()[ownership.PolicyAnnotation] != "" {
			continue
		}
		if err := m.patch(ctx, volume, map[string]any{ownership.PolicyAnnotation: text(live, "spec", "persistentVolumeReclaimPolicy"), ownership.NameAnnotation: m.owner},
			map[string]any{"persistentVolumeReclaimPolicy": "Retain"}); err != nil {
			return err
		}
	}
	return nil
}

// handOver reserves each kept volume for the claim of the same name in the new namespace, and deletes its claim in
// the old one. It returns the volumes' names.
func (m move) handOver(ctx context.Context) (names []string, err error) {
	volumes, err := m.travelling(ctx)
	if err != nil {
		return nil, err
	}
	claims := map[string]string{} // volumes by the names of their claims
	for _, v := range volumes {
		claim := text(&v, "spec", "claimRef", "name")
		if other := claims[claim]; other != "" {
			return nil, fmt.Errorf("PersistentVolumes %s and %s both hold data of a PersistentVolumeClaim %s: inspect both, then `kubectl annotate pv NAME %s-` on the one that must not move",
				other, v.GetName(), claim, ownership.NameAnnotation)
		}
		claims[claim] = v.GetName()
	}
	for _, v := range volumes {
		if err := m.reserve(ctx, v); err != nil {
			return nil, err
		}
		names = append(names, v.GetName())
	}
	return names, nil
}

// reserve reserves a volume for the new namespace and restores its reclaim policy. A claim that is already bound to
// it there keeps it.
func (m move) reserve(ctx context.Context, volume unstructured.Unstructured) error {
	annotations, spec := map[string]any{ownership.PolicyAnnotation: nil}, map[string]any{}
	if policy := volume.GetAnnotations()[ownership.PolicyAnnotation]; policy != "" {
		spec["persistentVolumeReclaimPolicy"] = policy
	}
	stays, err := m.unbind(ctx, volume)
	if err != nil {
		return err
	}
	if stays {
		return m.patch(ctx, cluster.Name(&volume), annotations, spec)
	}
	// A claimRef without a UID reserves the volume for a future claim, and prevents its reclamation.
	annotations["pv.kubernetes.io/bound-by-controller"] = nil
	spec["claimRef"] = map[string]any{"namespace": m.to, "uid": nil, "resourceVersion": nil}
	if err := m.patch(ctx, cluster.Name(&volume), annotations, spec); err != nil {
		return err
	}
	fmt.Fprintf(m.log, "PersistentVolume %s is reserved for PersistentVolumeClaim %s/%s\n", volume.GetName(), m.to, text(&volume, "spec", "claimRef", "name"))
	return nil
}

// unbind deletes the claim that a volume is bound to, unless the claim is in the new namespace. Reserved volumes are
// not changed.
func (m move) unbind(ctx context.Context, volume unstructured.Unstructured) (stays bool, err error) {
	namespace := text(&volume, "spec", "claimRef", "namespace")
	if text(&volume, "spec", "claimRef", "uid") == "" {
		return namespace == m.to, nil
	}
	claim := cluster.Object{Kind: cluster.ClaimKind, Namespace: namespace, Name: text(&volume, "spec", "claimRef", "name")}
	live, err := m.client.Get(ctx, claim)
	switch {
	case cluster.NotFound(err):
		return false, nil
	case err != nil:
		return false, err
	case namespace == m.to && live.GetDeletionTimestamp() == nil:
		return true, nil
	default:
		return false, m.delete(ctx, claim)
	}
}

// travelling lists the stack's volumes that an interrupted move has kept or reserved. While there are any, the stack
// must not be deployed in the old namespace, which would create new volumes.
func (m move) travelling(ctx context.Context) ([]unstructured.Unstructured, error) {
	volumes, err := m.client.List(ctx, volumeKind, "")
	return slices.DeleteFunc(volumes, func(v unstructured.Unstructured) bool {
		reserved := text(&v, "spec", "claimRef", "name") != "" && text(&v, "spec", "claimRef", "uid") == ""
		return v.GetAnnotations()[ownership.NameAnnotation] != m.owner || v.GetAnnotations()[ownership.PolicyAnnotation] == "" && !reserved
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

// text returns a string field of an object; empty if it is absent.
func text(o *unstructured.Unstructured, path ...string) string {
	value, _, _ := unstructured.NestedString(o.Object, path...)
	return value
}
