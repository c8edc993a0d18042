package stack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"hankki/internal/cluster"
	"hankki/internal/ownership"
	"hankki/internal/state"
)

// Types of resources that are special to this package.
const (
	stashType    = "pulumi:index:Stash"
	providerType = "pulumi:providers:kubernetes"
	imageType    = "hankki:components:Image"
	rootType     = "pulumi:pulumi:Stack"
)

// State is a stack's state after its last operation.
type State struct {
	Resources []*Resource
	version   int
	document  map[string]any // the whole document as read, with the changes of Retain
}

// Resource is a resource in the state.
type Resource struct {
	URN     string
	Type    string
	ID      string
	Custom  bool
	Inputs  map[string]any
	Outputs map[string]any

	entry map[string]any
}

// Parse reads the deployment of a checkpoint. Numbers keep their notation.
func Parse(deployment json.RawMessage) (*State, error) {
	s := &State{document: map[string]any{}}
	decoder := json.NewDecoder(bytes.NewReader(deployment))
	decoder.UseNumber()
	if err := decoder.Decode(&s.document); err != nil {
		return nil, fmt.Errorf("the state is not JSON: %w", err)
	}
	entries, _ := s.document["resources"].([]any) // absent in an empty state
	for _, e := range entries {
		entry, ok := e.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("resource %v is not an object", e)
		}
		s.Resources = append(s.Resources, resourceOf(entry))
	}
	return s, nil
}

func resourceOf(entry map[string]any) *Resource {
	// Absent values, and values of another type, are left empty.
	text := func(key string) string { t, _ := entry[key].(string); return t }
	object := func(key string) map[string]any { o, _ := entry[key].(map[string]any); return o }
	custom, _ := entry["custom"].(bool)
	return &Resource{
		URN: text("urn"), Type: text("type"), ID: text("id"), Custom: custom,
		Inputs: object("inputs"), Outputs: object("outputs"), entry: entry,
	}
}

// Name returns the resource's name in the program.
func (r *Resource) Name() string { return r.URN[strings.LastIndex(r.URN, "::")+2:] }

// Inside reports whether the resource is a component of this type or a descendant of one.
func (r *Resource) Inside(component string) bool {
	parts := strings.Split(r.URN, "::")
	return len(parts) > 2 && slices.Contains(strings.Split(parts[2], "$"), component)
}

// Object returns the Kubernetes object of the resource; false if it has none.
func (r *Resource) Object() (cluster.Object, bool) {
	if !r.Custom || !strings.HasPrefix(r.Type, "kubernetes:") || r.ID == "" {
		return cluster.Object{}, false
	}
	apiVersion, kind := r.text("apiVersion"), r.text("kind")
	gv, err := schema.ParseGroupVersion(apiVersion)
	if err != nil || kind == "" {
		return cluster.Object{}, false
	}
	o := cluster.Object{Kind: gv.WithKind(kind), Name: r.ID}
	if namespace, name, namespaced := strings.Cut(r.ID, "/"); namespaced {
		o.Namespace, o.Name = namespace, name
	}
	return o, true
}

// Retain sets retainOnDelete, as the option RetainOnDelete does. It reports whether the state changed.
func (r *Resource) Retain() bool {
	if retained, _ := r.entry["retainOnDelete"].(bool); retained {
		return false
	}
	r.entry["retainOnDelete"] = true
	return true
}

func (r *Resource) text(key string) string {
	if t, ok := r.Outputs[key].(string); ok {
		return t
	}
	t, _ := r.Inputs[key].(string)
	return t
}

// Objects returns the Kubernetes objects in the state.
func (s *State) Objects() []cluster.Object {
	var all []cluster.Object
	for _, r := range s.Resources {
		if o, ok := r.Object(); ok && !slices.Contains(all, o) {
			all = append(all, o)
		}
	}
	return all
}

// Keyed returns the resources by their keys, as the program reads them.
func (s *State) Keyed() state.State {
	keyed := state.State{Resources: map[state.Key]state.Resource{}}
	for _, r := range s.Resources {
		if pending, _ := r.entry["delete"].(bool); !pending {
			keyed.Resources[state.KeyOf(r.URN)] = state.Resource{URN: r.URN, Type: r.Type, Outputs: r.Outputs}
		}
	}
	return keyed
}

// UIDs returns the UIDs of the Kubernetes objects in the state.
func (s *State) UIDs() map[string]bool {
	all := map[string]bool{}
	for _, r := range s.Resources {
		if uid, _, _ := unstructured.NestedString(r.Outputs, "metadata", "uid"); uid != "" {
			all[uid] = true
		}
	}
	return all
}

// Images returns the references of the built images, by digest.
func (s *State) Images() []string {
	all := []string{}
	for _, r := range s.Resources {
		if ref, _ := r.Outputs["ref"].(string); r.Type == imageType && ref != "" {
			all = append(all, ref)
		}
	}
	return all
}

// ImagesByName returns the same references by the name of the image.
func (s *State) ImagesByName() map[string]string {
	all := map[string]string{}
	for _, r := range s.Resources {
		if ref, _ := r.Outputs["ref"].(string); r.Type == imageType && ref != "" {
			all[r.Name()] = ref
		}
	}
	return all
}

// Output returns an output of the stack; nil if it does not exist.
func (s *State) Output(name string) any {
	for _, r := range s.Resources {
		if r.Type == rootType {
			return r.Outputs[name]
		}
	}
	return nil
}

// ClusterUID is the UID of the namespace kube-system of the cluster that the stack was deployed to; empty in the
// state of an earlier version.
func (s *State) ClusterUID() string { return s.stashed(ownership.ClusterStashName) }

// OwnerID is the stack's owner ID; empty in the state of an earlier version. It is read from the objects' annotations
// too, because the Stash is missing if only the objects were moved (`pulumi state move`) or created by an up with
// targets.
func (s *State) OwnerID() string {
	if id := s.stashed(ownership.StashName); id != "" {
		return id
	}
	for _, r := range s.Resources {
		if id, _, _ := unstructured.NestedString(r.Outputs, "metadata", "annotations", ownership.IDAnnotation); id != "" && id != ownership.ByName {
			return id
		}
	}
	return ""
}

// KubeContext is the context of the state's provider; false if the state has no provider.
func (s *State) KubeContext() (name string, found bool) {
	for _, r := range s.Resources {
		if r.Type == providerType {
			name, _ = r.Inputs["context"].(string)
			return name, true
		}
	}
	return "", false
}

// Stashes returns the URNs of the values that exist only in the state: generated secrets, and the identities of stack
// and cluster.
func (s *State) Stashes() []string {
	var all []string
	for _, r := range s.Resources {
		if r.Type == stashType {
			all = append(all, r.URN)
		}
	}
	return all
}

func (s *State) stashed(name string) string {
	for _, r := range s.Resources {
		if r.Type == stashType && r.Name() == name {
			value, _ := r.Outputs["output"].(string) // a secret is not a string here, and is not read
			return value
		}
	}
	return ""
}

func (s *State) untyped(text json.RawMessage) apitype.UntypedDeployment {
	return apitype.UntypedDeployment{Version: s.version, Deployment: text}
}
