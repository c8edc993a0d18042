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

// byKubectl reports whether kubectl set the fields. Fields set by controllers stay theirs.
func byKubectl(m metav1.ManagedFieldsEntry) bool {
	return m.Subresource == "" && (strings.HasPrefix(m.Manager, "kubectl") || m.Manager == "before-first-apply")
}

// adopt annotates the object as the stack's, or deletes it if Replace is set. It first transfers kubectl's fields to
// the stack's field manager, so that the next up removes those that the manifest lacks. Without the transfer they
// would stay until a later up.
func (t takeover) adopt(ctx context.Context, f *Foreign, log io.Writer) error {
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
				return fmt.Errorf("%s: transferring kubectl's fields to the stack: %w", f.Object, err)
			}
		}
	}
	mark := fmt.Appendf(nil, `{"metadata":{"annotations":{%q:%q,%q:%q}}}`,
		ownership.NameAnnotation, t.owner, ownership.IDAnnotation, cmp.Or(t.id, ownership.ByName))
	if _, err := resource.Patch(ctx, f.Object.Name, types.MergePatchType, mark, metav1.PatchOptions{FieldManager: cmp.Or(f.manager, t.owner)}); err != nil {
		return fmt.Errorf("%s: setting the ownership annotations: %w", f.Object, err)
	}
	fmt.Fprintf(log, "%s now belongs to stack %s\n", f.Object, t.owner)
	return nil
}

// fieldsPatch transfers the ownership of kubectl's fields to the stack's field manager. It fails if the object has
// changed since.
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
		return nil, fmt.Errorf("%s: fields managed by kubectl: %w", f.Object, err)
	}
	return patch, nil
}
