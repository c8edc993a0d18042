package adopt

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/util/csaupgrade"

	"hankki/internal/deletion"
	"hankki/internal/ownership"
)

// byKubectl tells whether people wrote the fields, by kubectl. What controllers wrote stays theirs.
func byKubectl(m metav1.ManagedFieldsEntry) bool {
	return m.Subresource == "" && (strings.HasPrefix(m.Manager, "kubectl") || m.Manager == "before-first-apply")
}

// take marks the object as the stack's, or deletes it where it can't be changed. The fields that kubectl wrote become the
// stack's first, so that the next up removes those that it does not set: otherwise they would stay until a later up.
func (t takeover) take(ctx context.Context, f *Foreign, log io.Writer) error {
	resource, err := t.client.Resource(f.Object)
	if err != nil {
		return err
	}
	if f.Replace != "" {
		fmt.Fprintf(log, "deleting %s\n", f.Object)
		policy := metav1.DeletePropagationForeground
		if err := resource.Delete(ctx, f.Object.Name, metav1.DeleteOptions{PropagationPolicy: &policy}); err != nil {
			return fmt.Errorf("%s: %w", f.Object, err)
		}
		watch := deletion.New(t.client, log)
		watch.Begin(f.Object.Key(), f.Object)
		return watch.Wait(ctx)
	}
	if f.manager != "" {
		patch, err := t.fieldsPatch(f)
		if err != nil {
			return err
		}
		if patch != nil {
			if _, err := resource.Patch(ctx, f.Object.Name, types.JSONPatchType, patch, metav1.PatchOptions{}); err != nil {
				return fmt.Errorf("%s: taking over the fields that kubectl wrote: %w", f.Object, err)
			}
		}
	}
	mark := fmt.Appendf(nil, `{"metadata":{"annotations":{%q:%q,%q:%q}}}`,
		ownership.NameAnnotation, t.owner, ownership.IDAnnotation, cmp.Or(t.id, ownership.ByName))
	if _, err := resource.Patch(ctx, f.Object.Name, types.MergePatchType, mark, metav1.PatchOptions{FieldManager: cmp.Or(f.manager, t.owner)}); err != nil {
		return fmt.Errorf("%s: marking it: %w", f.Object, err)
	}
	fmt.Fprintf(log, "%s is stack %s's now\n", f.Object, t.owner)
	return nil
}

// fieldsPatch has the stack's field manager own what kubectl's own. It fails on an object that has changed meanwhile.
func (t takeover) fieldsPatch(f *Foreign) ([]byte, error) {
	live, names := f.live.DeepCopy(), sets.New[string]()
	managed := live.GetManagedFields()
	for i := range managed {
		if byKubectl(managed[i]) {
			names.Insert(managed[i].Manager)
			managed[i].Operation = metav1.ManagedFieldsOperationUpdate // also of `kubectl apply --server-side`
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	live.SetManagedFields(managed)
	patch, err := csaupgrade.UpgradeManagedFieldsPatch(live, names, f.manager)
	if err != nil {
		return nil, fmt.Errorf("%s: the fields that kubectl wrote: %w", f.Object, err)
	}
	return patch, nil
}
