// Package ownership restricts a stack to its own objects: it annotates each object of the stack with its owner, and
// finds objects that the stack would create or replace but that it does not own.
package ownership

import (
	"cmp"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Object identifies a Kubernetes object in the cluster.
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

// objectOf returns the identity of an object from its manifest, the inputs or outputs of a Pulumi resource. It
// returns false for other resources, and for objects whose name Pulumi generates.
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

// Identity is the part of a manifest that identifies its object: API version, kind, name and namespace.
func Identity(manifest map[string]any) map[string]any {
	metadata, _ := manifest["metadata"].(map[string]any)
	return map[string]any{
		"apiVersion": manifest["apiVersion"], "kind": manifest["kind"],
		"metadata": map[string]any{"name": metadata["name"], "namespace": metadata["namespace"]},
	}
}
