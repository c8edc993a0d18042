package ownership

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Applied tells whether the Kubernetes plugin has applied an object that carries a stack's mark. A copy carries the mark as well, but another
// manager has written it, or its list of managers is copied too and older than the object.
func Applied(o metav1.Object) bool {
	created := o.GetCreationTimestamp()
	return slices.ContainsFunc(o.GetManagedFields(), func(m metav1.ManagedFieldsEntry) bool {
		ours := m.Manager == o.GetAnnotations()[ManagerAnnotation] || strings.HasPrefix(m.Manager, "pulumi-kubernetes") // for objects with a generated name
		return ours && m.Operation == metav1.ManagedFieldsOperationApply && (m.Time == nil || !m.Time.Before(&created))
	})
}
