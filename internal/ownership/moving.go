package ownership

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	coreclient "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
)

// PolicyAnnotation stores the original reclaim policy of a PersistentVolume that `hankki move` moves to another
// namespace.
const PolicyAnnotation = "hankki/reclaim-policy"

// CheckVolumes rejects a deployment in namespace while an interrupted move has the stack's volumes elsewhere, because
// the stack would get new, empty ones. A user who may not list volumes can't have moved them.
func (o Owner) CheckVolumes(ctx context.Context, client *rest.Config, namespace string) error {
	core, err := coreclient.NewForConfig(client)
	if err != nil {
		return fmt.Errorf("listing volumes: %w", err)
	}
	volumes, err := core.PersistentVolumes().List(ctx, metav1.ListOptions{})
	if apierrors.IsForbidden(err) || apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("listing the volumes of an interrupted move: %w", err)
	}
	stack := o.stack()
	var errs []error
	for _, v := range volumes.Items {
		if claim := v.Spec.ClaimRef; v.Annotations[NameAnnotation] == o.Name && claim != nil && movesFrom(v, namespace) {
			errs = append(errs, fmt.Errorf("PersistentVolume %s holds the data of PersistentVolumeClaim %s and is reserved for another namespace, because a `make move` was interrupted: "+
				"`make move STACK=%s TO=NAMESPACE` continues it, TO=%s restores the site; `kubectl annotate pv %[1]s %[5]s-` abandons the data",
				v.Name, claim.Name, stack, namespace, NameAnnotation))
		}
	}
	return errors.Join(errs...)
}

// movesFrom reports whether a move has unbound a volume of the stack that is not reserved for a claim in namespace.
func movesFrom(v corev1.PersistentVolume, namespace string) bool {
	if v.Spec.ClaimRef.UID == "" {
		return v.Spec.ClaimRef.Namespace != namespace
	}
	return v.Annotations[PolicyAnnotation] != "" && v.Status.Phase == corev1.VolumeReleased
}
