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
)

// Types of resources that are more than their object.
const (
	stashType    = "pulumi:index:Stash"
	providerType = "pulumi:providers:kubernetes"
	imageType    = "hankki:components:Image"
)

// State is what the stack's last operation left.
type State struct {
	Resources []*Resource
	version   int
	document  map[string]any // all of it, as it was read, but for what Retain changes
}

// Resource is an entry of the state.
type Resource struct {
	URN     string
	Type    string
	ID      string
	Custom  bool
	Inputs  map[string]any
	Outputs map[string]any

	entry map[string]any
}

// Parse reads the deployment of a checkpoint. Numbers keep the form that they are written in.
func Parse(deployment json.RawMessage) (*State, error) {
	s := &State{document: map[string]any{}}
	decoder := json.NewDecoder(bytes.NewReader(deployment))
	decoder.UseNumber()
	if err := decoder.Decode(&s.document); err != nil {
		return nil, fmt.Errorf("it is not JSON: %w", err)
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
	// What is absent, or of another kind than expected, is left empty.
	text := func(key string) string { t, _ := entry[key].(string); return t }
	object := func(key string) map[string]any { o, _ := entry[key].(map[string]any); return o }
	custom, _ := entry["custom"].(bool)
	return &Resource{
		URN: text("urn"), Type: text("type"), ID: text("id"), Custom: custom,
		Inputs: object("inputs"), Outputs: object("outputs"), entry: entry,
	}
}

// Name is the resource's name in the program.
func (r *Resource) Name() string { return r.URN[strings.LastIndex(r.URN, "::")+2:] }

// Inside tells whether the resource is a component of this type or below one.
func (r *Resource) Inside(component string) bool {
	parts := strings.Split(r.URN, "::")
	return len(parts) > 2 && slices.Contains(strings.Split(parts[2], "$"), component)
}

// Object is the object that a resource of the Kubernetes plugin stands for.
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

// Retain has the engine leave the resource's object alone when it deletes the resource, as the option RetainOnDelete does.
// It tells whether that is news to the state.
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

// Objects are the cluster's objects that the state knows.
func (s *State) Objects() []cluster.Object {
	var all []cluster.Object
	for _, r := range s.Resources {
		if o, ok := r.Object(); ok && !slices.Contains(all, o) {
			all = append(all, o)
		}
	}
	return all
}

// UIDs are those that the objects of the state had in the cluster.
func (s *State) UIDs() map[string]bool {
	all := map[string]bool{}
	for _, r := range s.Resources {
		if uid, _, _ := unstructured.NestedString(r.Outputs, "metadata", "uid"); uid != "" {
			all[uid] = true
		}
	}
	return all
}

// Images are the references, by digest, of the images that were built.
func (s *State) Images() []string {
	all := []string{}
	for _, r := range s.Resources {
		if ref, _ := r.Outputs["ref"].(string); r.Type == imageType && ref != "" {
			all = append(all, ref)
		}
	}
	return all
}

// ClusterUID is the UID of the namespace kube-system where the stack was deployed; empty where an earlier version wrote the
// state.
func (s *State) ClusterUID() string { return s.stashed(ownership.ClusterStashName) }

// OwnerID is what decides that an object is this stack's; empty where an earlier version wrote the state. Objects carry it too, for the
// Stash stays behind if only they were moved (`pulumi state move`), or were created by an up with targets.
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

// KubeContext is the context that the state's provider uses; false if the state has no provider.
func (s *State) KubeContext() (name string, found bool) {
	for _, r := range s.Resources {
		if r.Type == providerType {
			name, _ = r.Inputs["context"].(string)
			return name, true
		}
	}
	return "", false
}

// Stashes are the URNs of what the program keeps in the state only: generated secrets, and the identities of stack and cluster.
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
			value, _ := r.Outputs["output"].(string) // a secret is no text here, and is not asked for
			return value
		}
	}
	return ""
}

func (s *State) untyped(text json.RawMessage) apitype.UntypedDeployment {
	return apitype.UntypedDeployment{Version: s.version, Deployment: text}
}
