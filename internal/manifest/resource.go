// Package manifest compares Kubernetes objects as a Pulumi program registers them.
package manifest

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"hankki/internal/cluster"
)

// Marks that take the place of values. Secret may be followed by a digest of the value.
const (
	Unknown = "[unknown]" // the value is known once its resource has been created
	Secret  = "[secret"   // the beginning of the mark of a secret
)

// Resource is a Kubernetes object that a program registers.
type Resource struct {
	URN string `json:"urn"`
	// Retained objects stay in the cluster when their resource is deleted.
	Retained bool           `json:"retained,omitempty"`
	Object   map[string]any `json:"object"` // with marks in place of secret and unknown values
}

// Name is the object's identity. It is false for a resource that is no object, or has no name yet.
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

// Tier is the component that the resource belongs to, e.g. "Backend"; "Stack" for one outside of all components.
func (r Resource) Tier() string {
	if parts := strings.Split(r.URN, "::"); len(parts) > 2 {
		for kind := range strings.SplitSeq(parts[2], "$") {
			if name, ours := strings.CutPrefix(kind, component); ours {
				return name
			}
		}
	}
	return "Stack"
}

// Autonamed tells whether Pulumi makes up the object's name, so that other content is another object.
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
