package ownership

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Copies of an object have the same annotations, but were not applied by the stack.
func TestCopiesAreNotApplied(t *testing.T) {
	created := metav1.Date(2026, 11, 29, 7, 0, 0, 0, time.UTC)
	entry := func(manager string, operation metav1.ManagedFieldsOperationType, after time.Duration) metav1.ManagedFieldsEntry {
		at := metav1.NewTime(created.Add(after))
		return metav1.ManagedFieldsEntry{Manager: manager, Operation: operation, Time: &at}
	}
	for name, row := range map[string]struct {
		entry metav1.ManagedFieldsEntry
		want  bool
	}{
		"by the stack":                 {entry("hankki/onprem", metav1.ManagedFieldsOperationApply, 0), true},
		"changed since":                {entry("hankki/onprem", metav1.ManagedFieldsOperationApply, time.Hour), true},
		"with a generated name":        {entry("pulumi-kubernetes-1a2b3c4d", metav1.ManagedFieldsOperationApply, 0), true},
		"a copy by kubectl":            {entry("kubectl-client-side-apply", metav1.ManagedFieldsOperationUpdate, 0), false},
		"a copy by another Apply":      {entry("velero", metav1.ManagedFieldsOperationApply, 0), false},
		"a copy with its managers":     {entry("hankki/onprem", metav1.ManagedFieldsOperationApply, -time.Minute), false},
		"only its annotations written": {entry("hankki/onprem", metav1.ManagedFieldsOperationUpdate, 0), false},
	} {
		t.Run(name, func(t *testing.T) {
			o := metav1.ObjectMeta{CreationTimestamp: created, Annotations: map[string]string{ManagerAnnotation: "hankki/onprem"}, ManagedFields: []metav1.ManagedFieldsEntry{row.entry}}
			if got := Applied(&o); got != row.want {
				t.Errorf("%v, want %v", got, row.want)
			}
		})
	}
	if Applied(&metav1.ObjectMeta{}) {
		t.Error("an object without managers counts as applied")
	}
}
