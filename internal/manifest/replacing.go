package manifest

import (
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// replacing lists immutable fields by group and kind: the Kubernetes provider replaces the object if one changes.
// They are those of the pinned provider (pulumi-kubernetes 4.25, provider/pkg/provider/diff.go, table forceNew) for
// the kinds that this program and its charts register. The API server rejects the same changes.
var replacing = map[string][]string{
	"apps/Deployment":                       {"spec.selector"},
	"apps/DaemonSet":                        {"spec.selector"},
	"apps/StatefulSet":                      {"spec.podManagementPolicy", "spec.revisionHistoryLimit", "spec.selector", "spec.serviceName", "spec.volumeClaimTemplates"},
	"batch/Job":                             {"spec.completions", "spec.parallelism", "spec.selector", "spec.template"},
	"/PersistentVolumeClaim":                {"spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"},
	"/Secret":                               {"type"},
	"/Service":                              {"spec.clusterIP"},
	"rbac.authorization.k8s.io/RoleBinding": {"roleRef"},
	"rbac.authorization.k8s.io/ClusterRoleBinding": {"roleRef"},
	"storage.k8s.io/StorageClass":                  {"parameters", "provisioner"},
}

// content lists the fields that are immutable in an immutable Secret or ConfigMap.
var content = []string{"data", "stringData", "binaryData"}

// Replacing returns the changed fields that require a replacement; empty if the object is updated in place.
func Replacing(r Resource, changed []Field) []Field {
	name, _ := r.Name()
	fixed := replacing[name.Kind.Group+"/"+name.Kind.Kind]
	if immutable, _, _ := unstructured.NestedBool(r.Object, "immutable"); immutable && (name.Is("", "Secret") || name.Is("", "ConfigMap")) {
		fixed = slices.Concat(fixed, content)
	}
	return slices.DeleteFunc(slices.Clone(changed), func(f Field) bool {
		return !slices.ContainsFunc(fixed, func(path string) bool {
			_, under := f.Under(path)
			return under
		})
	})
}
