package preflight

import (
	"bytes"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// classOf returns the class; empty for a volume without a class.
func classOf(claim *corev1.PersistentVolumeClaim) string {
	if claim.Spec.StorageClassName == nil {
		return ""
	}
	return *claim.Spec.StorageClassName
}

// otherClass returns why the class of an existing claim can't be changed to the wanted one; empty if it can or need
// not.
func (v volume) otherClass(claim *corev1.PersistentVolumeClaim) string {
	has := classOf(claim)
	switch {
	case claim.Spec.StorageClassName == nil || has == v.want.StorageClass:
		return "" // a claim without a class may be given one
	case v.want.StorageClass == "" && !namesClass(claim):
		return "" // set by the cluster's default
	default:
		return fmt.Sprintf("PersistentVolumeClaim %s/%s has StorageClass %q, which Kubernetes can't change", claim.Namespace, claim.Name, has)
	}
}

// namesClass reports whether the claim was applied with a class. Removing the field is a change too.
func namesClass(claim *corev1.PersistentVolumeClaim) bool {
	return slices.ContainsFunc(claim.ManagedFields, func(m metav1.ManagedFieldsEntry) bool {
		return m.Operation == metav1.ManagedFieldsOperationApply && m.FieldsV1 != nil && bytes.Contains(m.FieldsV1.Raw, []byte(`"f:storageClassName"`))
	})
}

// otherSize returns why the size of an existing claim can't be changed to the wanted one; empty if it can or need
// not.
func (v volume) otherSize(claim *corev1.PersistentVolumeClaim, classes *storagev1.StorageClassList) string {
	want, err := resource.ParseQuantity(v.want.Size)
	if err != nil {
		return "" // reported by package config
	}
	requested, given := claim.Spec.Resources.Requests[corev1.ResourceStorage], claim.Status.Capacity[corev1.ResourceStorage]
	name := fmt.Sprintf("PersistentVolumeClaim %s/%s", claim.Namespace, claim.Name)
	switch order := want.Cmp(requested); {
	case order == 0:
		return ""
	case claim.Status.Phase != corev1.ClaimBound:
		return fmt.Sprintf("%s requests %s and is %s, but Kubernetes resizes only bound claims; set it to %[2]s", name, requested.String(), phase(claim))
	case order < 0 && want.Cmp(given) <= 0: // a reduction down to the capacity is allowed, to revert a failed expansion
		return fmt.Sprintf("%s has %s, but Kubernetes can't shrink a volume; set it to %s", name, given.String(), requested.String())
	case order > 0 && !expands(classOf(claim), classes):
		return fmt.Sprintf("%s has %s of StorageClass %q, which has no allowVolumeExpansion; set it to %[2]s, or set allowVolumeExpansion of that class if its provisioner supports it",
			name, requested.String(), classOf(claim))
	}
	return ""
}

func phase(claim *corev1.PersistentVolumeClaim) string {
	if claim.Status.Phase == "" {
		return string(corev1.ClaimPending)
	}
	return string(claim.Status.Phase)
}

// expands reports whether volumes of the class can grow. If classes can't be listed, the API server decides.
func expands(class string, classes *storagev1.StorageClassList) bool {
	return classes == nil || slices.ContainsFunc(classes.Items, func(c storagev1.StorageClass) bool {
		return c.Name == class && c.AllowVolumeExpansion != nil && *c.AllowVolumeExpansion
	})
}
