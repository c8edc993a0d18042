// Package ownership keeps a stack to its own objects: it marks each object of the stack with its owner, and finds the
// objects that the stack would create or replace but that belong to somebody else.
package ownership

import (
	"cmp"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Object is a Kubernetes object by its name in the cluster.
type Object struct {
	schema.GroupKind
	Namespace string // empty: the object is cluster-scoped
	Name      string
}

func (o Object) String() string {
	if o.Namespace == "" {
		return o.Kind + " " + o.Name
	}
	return fmt.Sprintf("%s %s/%s", o.Kind, o.Namespace, o.Name)
}

func compare(a, b Object) int { return cmp.Compare(a.String(), b.String()) }

// objectOf reads the identity of an object from its manifest, be that the inputs or the outputs of a Pulumi resource. It
// returns false for anything else, and for an object whose name Pulumi generates.
func objectOf(manifest map[string]any) (o Object, version string, ok bool) {
	apiVersion, _ := manifest["apiVersion"].(string)
	kind, _ := manifest["kind"].(string)
	metadata, _ := manifest["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	namespace, _ := metadata["namespace"].(string)
	group, version, found := strings.Cut(apiVersion, "/")
	if !found {
		group, version = "", apiVersion
	}
	return Object{schema.GroupKind{Group: group, Kind: kind}, namespace, name}, version, kind != "" && version != "" && name != ""
}

// Identity is what a manifest says of which object it is of: its API version, kind, name and namespace.
func Identity(manifest map[string]any) map[string]any {
	metadata, _ := manifest["metadata"].(map[string]any)
	return map[string]any{
		"apiVersion": manifest["apiVersion"], "kind": manifest["kind"],
		"metadata": map[string]any{"name": metadata["name"], "namespace": metadata["namespace"]},
	}
}
