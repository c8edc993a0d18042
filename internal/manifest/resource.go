// Package manifest compares the Kubernetes objects that a Pulumi program registers.
package manifest

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"hankki/internal/cluster"
)

// Placeholders of values. Secret may be followed by a digest of the value.
const (
	Unknown = "[unknown]" // known after its resource is created
	Secret  = "[secret"   // prefix of a secret's placeholder
)

// Resource is a Kubernetes object that a program registers.
type Resource struct {
	URN string `json:"urn"`
	// Retained objects stay in the cluster when their resource is deleted.
	Retained bool           `json:"retained,omitempty"`
	Object   map[string]any `json:"object"` // with placeholders for secret and unknown values
}

// Name returns the object's identity. It is false for a resource that is not an object, or has no name yet.
func (r Resource) Name() (cluster.Object, bool) {
	o := unstructured.Unstructured{Object: r.Object}
	apiVersion, _, _ := unstructured.NestedString(r.Object, "apiVersion")
	gv, err := schema.ParseGroupVersion(apiVersion)
	kind, _, _ := unstructured.NestedString(r.Object, "kind")
	if err != nil || gv.Version == "" || kind == "" || o.GetName() == "" {
		return cluster.Object{}, false
	}
	return cluster.Object{Kind: gv.WithKind(kind), Namespace: o.GetNamespace(), Name: o.GetName()}, true
}

// component is the prefix of the types of this project's components.
const component = "hankki:components:"

// Tier returns the component of the resource, e.g. "Backend"; "Stack" outside all components.
func (r Resource) Tier() string {
	if parts := strings.Split(r.URN, "::"); len(parts) > 2 {
		for kind := range strings.SplitSeq(parts[2], "$") {
			if name, own := strings.CutPrefix(kind, component); own {
				return name
			}
		}
	}
	return "Stack"
}

// Autonamed reports whether Pulumi generates the object's name, so that changed content means a new object.
func (r Resource) Autonamed() bool {
	o := unstructured.Unstructured{Object: r.Object}
	return o.GetAnnotations()["pulumi.com/autonamed"] == "true"
}

// ByObject indexes resources by the key of their objects.
func ByObject(resources []Resource) map[string]Resource {
	all := map[string]Resource{}
	for _, r := range resources {
		if name, ok := r.Name(); ok {
			all[name.Key()] = r
		}
	}
	return all
}
