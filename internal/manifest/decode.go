package manifest

import (
	"encoding/json"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// Decode reads an object as its type. Values that are not known yet are left out.
func Decode[T any](object map[string]any) (T, error) {
	var typed T
	text, err := json.Marshal(known(object))
	if err == nil {
		err = json.Unmarshal(text, &typed)
	}
	if err != nil {
		return typed, fmt.Errorf("%v %v: %w", object["kind"], metadata(object)["name"], err)
	}
	return typed, nil
}

func metadata(object map[string]any) map[string]any {
	m, _ := object["metadata"].(map[string]any)
	return m
}

// known is the value without what is unknown in it.
func known(value any) any {
	switch v := value.(type) {
	case map[string]any:
		all := make(map[string]any, len(v))
		for key, item := range v {
			if item != Unknown {
				all[key] = known(item)
			}
		}
		return all
	case []any:
		all := make([]any, 0, len(v))
		for _, item := range v {
			if item != Unknown {
				all = append(all, known(item))
			}
		}
		return all
	default:
		return value
	}
}

// Workload is what makes pods.
type Workload struct {
	Kind     string
	Name     string // of the object
	Place    string // its namespace
	Replicas int    // how many pods; 0 for a kind that has one a node or one a run
	Recreate bool   // the former pods end before new ones start
	Template corev1.PodTemplateSpec
}

// WorkloadOf reads the kinds that make pods, but for a Pod itself and for what runs by the clock. It is false for any other.
func WorkloadOf(r Resource) (w Workload, ok bool, err error) {
	name, named := r.Name()
	if !named || name.Kind.Group != "apps" && !name.Is("batch", "Job") {
		return Workload{}, false, nil
	}
	w = Workload{Kind: name.Kind.Kind, Name: name.Name, Place: name.Namespace}
	switch w.Kind {
	case "Deployment", "StatefulSet":
		// The fields that are read are the same in both kinds.
		d, err := Decode[appsv1.Deployment](r.Object)
		w.Template, w.Replicas = d.Spec.Template, 1
		if d.Spec.Replicas != nil {
			w.Replicas = int(*d.Spec.Replicas)
		}
		w.Recreate = w.Kind == "StatefulSet" || d.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType
		return w, true, err
	case "DaemonSet", "Job":
		d, err := Decode[appsv1.DaemonSet](map[string]any{
			"metadata": r.Object["metadata"], "spec": map[string]any{"template": field(r.Object, "spec", "template")},
		})
		w.Template, w.Recreate = d.Spec.Template, true
		return w, true, err
	default:
		return Workload{}, false, nil
	}
}

// field is the value at the path; nil where there is none.
func field(object map[string]any, path ...string) any {
	var value any = object
	for _, key := range path {
		m, _ := value.(map[string]any)
		value = m[key]
	}
	return value
}
