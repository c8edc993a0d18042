package guardrails

import (
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"

	"hankki/internal/manifest"
	"hankki/internal/plural"
)

// tooFewReplicas finds workloads whose PodDisruptionBudget would allow the eviction of all pods, requires more pods
// than the workload has, or would be deleted while the workload stays.
func tooFewReplicas(c Change) ([]Violation, error) {
	was, err := budgetsOf(c.Before)
	if err != nil {
		return nil, err
	}
	is, err := budgetsOf(c.After)
	if err != nil {
		return nil, err
	}
	var found []Violation
	for key, now := range is {
		former := was[key]
		switch {
		case now.budget == nil && former.budget != nil:
			found = append(found, violation(now.resource, "%d → %d replicas, and its PodDisruptionBudget would be deleted: draining a node may evict all its pods", former.lowest, now.lowest))
		case now.budget == nil:
		case now.needed() > now.lowest:
			found = append(found, violation(now.resource, "its PodDisruptionBudget requires %s, and it has %d: no node with its pods could be drained", plural.Of(now.needed(), "replica"), now.lowest))
		case now.needed() <= 0:
			found = append(found, violation(now.resource, "its PodDisruptionBudget allows the eviction of all its replicas (%d) at once", now.lowest))
		}
	}
	return found, nil
}

// budgeted is a Deployment or StatefulSet with its PodDisruptionBudget.
type budgeted struct {
	resource manifest.Resource
	lowest   int // replicas, or the autoscaler's minReplicas
	budget   *policyv1.PodDisruptionBudget
}

// needed is the number of pods that the budget keeps available.
func (b budgeted) needed() int {
	if m := b.budget.Spec.MinAvailable; m != nil {
		return scaled(m, b.lowest)
	}
	unavailable := b.budget.Spec.MaxUnavailable
	if unavailable == nil {
		return b.lowest // an empty budget allows no eviction
	}
	return b.lowest - scaled(unavailable, b.lowest)
}

// scaled resolves a number or a percentage of total, rounded up as Kubernetes does for budgets.
func scaled(value *intstr.IntOrString, total int) int {
	n, err := intstr.GetScaledValueFromIntOrPercent(value, total, true)
	if err != nil {
		return 0 // neither a number nor a percentage; the API server rejects it
	}
	return n
}

// budgetsOf returns the workloads that have replicas, by object key.
func budgetsOf(resources []manifest.Resource) (map[string]budgeted, error) {
	budgets, err := objects[policyv1.PodDisruptionBudget](resources, "policy", "PodDisruptionBudget")
	if err != nil {
		return nil, err
	}
	scalers, err := objects[autoscalingv2.HorizontalPodAutoscaler](resources, "autoscaling", "HorizontalPodAutoscaler")
	if err != nil {
		return nil, err
	}
	all := map[string]budgeted{}
	for _, r := range resources {
		w, ok, err := manifest.WorkloadOf(r)
		if err != nil {
			return nil, err
		}
		if !ok || w.Kind != "Deployment" && w.Kind != "StatefulSet" {
			continue
		}
		name, _ := r.Name()
		all[name.Key()] = budgeted{resource: r, lowest: lowest(w, scalers), budget: budgetOf(w, budgets)}
	}
	return all, nil
}

// lowest returns the smallest number of replicas.
func lowest(w manifest.Workload, scalers []autoscalingv2.HorizontalPodAutoscaler) int {
	for _, s := range scalers {
		if ref := s.Spec.ScaleTargetRef; s.Namespace != w.Place || ref.Kind != w.Kind || ref.Name != w.Name {
			continue
		}
		if s.Spec.MinReplicas != nil {
			return int(*s.Spec.MinReplicas)
		}
		return 1 // the default
	}
	return w.Replicas
}

// budgetOf returns the budget that selects the workload's pods; nil if none does.
func budgetOf(w manifest.Workload, budgets []policyv1.PodDisruptionBudget) *policyv1.PodDisruptionBudget {
	for i, budget := range budgets {
		selector, err := metav1.LabelSelectorAsSelector(budget.Spec.Selector)
		if err == nil && budget.Namespace == w.Place && selector.Matches(labels.Set(w.Template.Labels)) {
			return &budgets[i]
		}
	}
	return nil
}
