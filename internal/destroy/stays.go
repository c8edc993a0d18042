package destroy

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"hankki/internal/cluster"
	"hankki/internal/stack"
)

// sharedAnnotation marks a namespace that stays for others although its objects still have the stack's ownership
// annotations. It is ignored once the stack's state contains the namespace again.
const sharedAnnotation = "hankki/shared"

// usedByOthers is the reason why such a namespace and its objects stay.
const usedByOthers = "others use it"

// share makes this destroy and later ones keep the namespaces that others use.
func (s site) share(ctx context.Context, state *stack.State, used []use) error {
	for _, o := range sharedObjects(state, used) {
		if o.Kind != cluster.NamespaceKind {
			continue
		}
		resource, err := s.client.Resource(o)
		if err != nil {
			return err
		}
		patch := fmt.Appendf(nil, `{"metadata":{"annotations":{%q:"true"}}}`, sharedAnnotation)
		if _, err := resource.Patch(ctx, o.Name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: s.owner}); err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("%s: setting the annotation %s: %w", o, sharedAnnotation, err)
		}
	}
	return nil
}

// sharedObjects lists the objects that stay for others.
func sharedObjects(state *stack.State, used []use) (objects []cluster.Object) {
	for _, r := range state.Resources {
		if o, ok := r.Object(); ok && keptForOthers(r, used) {
			objects = append(objects, o)
		}
	}
	return objects
}

func keptForOthers(r *stack.Resource, used []use) bool {
	for _, u := range used {
		if r.Custom && r.Inside(u.component) {
			return true
		}
	}
	return false
}
