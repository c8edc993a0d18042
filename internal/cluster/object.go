// Package cluster asks a Kubernetes cluster about objects of any kind.
package cluster

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Object names an object of a cluster.
type Object struct {
	Kind      schema.GroupVersionKind
	Namespace string // empty for objects of the cluster
	Name      string
}

// Is tells whether the object is of this kind, in any version of its API group.
func (o Object) Is(group, kind string) bool { return o.Kind.Group == group && o.Kind.Kind == kind }

// Key is the same for all versions of the object's API group.
func (o Object) Key() string {
	return fmt.Sprintf("%s/%s %s/%s", o.Kind.Group, o.Kind.Kind, o.Namespace, o.Name)
}

// String is, for example, "Deployment hankki/backend".
func (o Object) String() string {
	if o.Namespace == "" {
		return o.Kind.Kind + " " + o.Name
	}
	return o.Kind.Kind + " " + o.Namespace + "/" + o.Name
}

// Kubectl is the object as kubectl's arguments, for example "-n hankki deployment/backend". A kind of a group that
// is not Kubernetes' own comes with its group.
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

// MarshalJSON writes the object as other tools name it.
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
