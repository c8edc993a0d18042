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

// PolicyAnnotation keeps on a PersistentVolume that `hankki move` takes to another namespace what its reclaim policy was.
const PolicyAnnotation = "hankki/reclaim-policy"

// CheckVolumes refuses a deployment in namespace while a move has the volumes of the stack elsewhere: the stack would get new and
// empty ones. A user who may not list volumes can't have moved them.
func (o Owner) CheckVolumes(ctx context.Context, client *rest.Config, namespace string) error {
	core, err := coreclient.NewForConfig(client)
	if err != nil {
		return fmt.Errorf("asking for volumes: %w", err)
	}
	volumes, err := core.PersistentVolumes().List(ctx, metav1.ListOptions{})
	if apierrors.IsForbidden(err) || apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("asking for the volumes of a move that was interrupted: %w", err)
	}
	stack := o.stack()
	var errs []error
	for _, v := range volumes.Items {
		if claim := v.Spec.ClaimRef; v.Annotations[NameAnnotation] == o.Name && claim != nil && movesFrom(v, namespace) {
			errs = append(errs, fmt.Errorf("PersistentVolume %s holds the data of PersistentVolumeClaim %s and is on its way to another namespace, for a `make move` was interrupted: "+
				"`make move STACK=%s TO=NAMESPACE` goes on, with TO=%s it brings the site back; `kubectl annotate pv %[1]s %[5]s-` gives the data up",
				v.Name, claim.Name, stack, namespace, NameAnnotation))
		}
	}
	return errors.Join(errs...)
}

// movesFrom tells whether a volume of the stack's has lost its claim by a move, and is not reserved for one in namespace.
func movesFrom(v corev1.PersistentVolume, namespace string) bool {
	if v.Spec.ClaimRef.UID == "" {
		return v.Spec.ClaimRef.Namespace != namespace
	}
	return v.Annotations[PolicyAnnotation] != "" && v.Status.Phase == corev1.VolumeReleased
}
