package ownership

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Applied reports whether the Kubernetes provider has applied the annotated object. A copy has the annotations too,
// but was written by another field manager, or its copied managedFields are older than the object.
func Applied(o metav1.Object) bool {
	created := o.GetCreationTimestamp()
	return slices.ContainsFunc(o.GetManagedFields(), func(m metav1.ManagedFieldsEntry) bool {
		own := m.Manager == o.GetAnnotations()[ManagerAnnotation] || strings.HasPrefix(m.Manager, "pulumi-kubernetes") // for objects with a generated name
		return own && m.Operation == metav1.ManagedFieldsOperationApply && (m.Time == nil || !m.Time.Before(&created))
	})
}
