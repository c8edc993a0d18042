package manifest

import (
	"encoding/json"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// Decode converts an object to its type. Unknown values are omitted.
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

// known returns the value without its unknown parts.
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

// Workload is an object that creates pods.
type Workload struct {
	Kind     string
	Name     string // of the object
	Place    string // its namespace
	Replicas int    // 0 for DaemonSets, Jobs and CronJobs
	Recreate bool   // old pods stop before new ones start
	Template corev1.PodTemplateSpec
}

// WorkloadOf reads the kinds that create pods, except Pods. It is false for other kinds.
func WorkloadOf(r Resource) (w Workload, ok bool, err error) {
	name, named := r.Name()
	if !named || name.Kind.Group != "apps" && !name.Is("batch", "Job") && !name.Is("batch", "CronJob") {
		return Workload{}, false, nil
	}
	w = Workload{Kind: name.Kind.Kind, Name: name.Name, Place: name.Namespace}
	switch w.Kind {
	case "Deployment", "StatefulSet":
		// The used fields are the same in all these kinds.
		d, err := Decode[appsv1.Deployment](r.Object)
		w.Template, w.Replicas = d.Spec.Template, 1
		if d.Spec.Replicas != nil {
			w.Replicas = int(*d.Spec.Replicas)
		}
		w.Recreate = w.Kind == "StatefulSet" || d.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType
		return w, true, err
	case "DaemonSet", "Job", "CronJob":
		template := field(r.Object, "spec", "template")
		if w.Kind == "CronJob" {
			template = field(r.Object, "spec", "jobTemplate", "spec", "template")
		}
		d, err := Decode[appsv1.DaemonSet](map[string]any{"metadata": r.Object["metadata"], "spec": map[string]any{"template": template}})
		w.Template, w.Recreate = d.Spec.Template, true
		return w, true, err
	default:
		return Workload{}, false, nil
	}
}

// field returns the value at the path; nil if it does not exist.
func field(object map[string]any, path ...string) any {
	var value any = object
	for _, key := range path {
		m, _ := value.(map[string]any)
		value = m[key]
	}
	return value
}
