// Package cluster reads objects of any kind from a Kubernetes cluster.
package cluster

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Object identifies an object in a cluster.
type Object struct {
	Kind      schema.GroupVersionKind
	Namespace string // empty for cluster-scoped objects
	Name      string
}

// Is reports whether the object is of this kind, in any version of its API group.
func (o Object) Is(group, kind string) bool { return o.Kind.Group == group && o.Kind.Kind == kind }

// Key identifies the object regardless of its API version.
func (o Object) Key() string {
	return fmt.Sprintf("%s/%s %s/%s", o.Kind.Group, o.Kind.Kind, o.Namespace, o.Name)
}

// String returns, for example, "Deployment hankki/backend".
func (o Object) String() string {
	if o.Namespace == "" {
		return o.Kind.Kind + " " + o.Name
	}
	return o.Kind.Kind + " " + o.Namespace + "/" + o.Name
}

// Kubectl returns the object as arguments of kubectl, for example "-n hankki Deployment.v1.apps/backend". The kind is
// qualified by version and group, except in the core group.
func (o Object) Kubectl() string {
	kind := o.Kind.Kind
	if o.Kind.Group != "" {
		kind += "." + o.Kind.Version + "." + o.Kind.Group
	}
	if o.Namespace == "" {
		return kind + "/" + o.Name
	}
	return "-n " + o.Namespace + " " + kind + "/" + o.Name
}

// MarshalJSON returns the fields apiVersion, kind, namespace and name.
func (o Object) MarshalJSON() ([]byte, error) {
	apiVersion, kind := o.Kind.ToAPIVersionAndKind()
	text, err := json.Marshal(struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Namespace  string `json:"namespace,omitempty"`
		Name       string `json:"name"`
	}{apiVersion, kind, o.Namespace, o.Name})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o, err)
	}
	return text, nil
}
