package site

import (
	"slices"
	"testing"
)

// Only one of the autoscaler and Pulumi may manage spec.replicas.
func TestAutoscalerManagesReplicas(t *testing.T) {
	e := shipped(t, "onprem").allOn().deployed(t)
	match(t, e.one(t, autoscalerType, "backend"), map[string]any{
		"metadata.name": "backend", "metadata.namespace": "hankki",
		"spec.scaleTargetRef": map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": "backend"},
		"spec.minReplicas":    3, "spec.maxReplicas": 8,
		"spec.metrics": []any{map[string]any{"type": "Resource", "resource": map[string]any{
			"name": "cpu", "target": map[string]any{"type": "Utilization", "averageUtilization": 70},
		}}},
	})
	api := e.one(t, deploymentType, "backend")
	match(t, api, map[string]any{"metadata.name": "backend", "spec.replicas": 3})
	if !slices.Equal(api.ignored, []string{"spec.replicas"}) {
		t.Errorf("changes of %v are ignored", api.ignored)
	}
	for _, app := range []string{"redis", "frontend"} {
		if other := e.one(t, deploymentType, app); len(other.ignored) > 0 {
			t.Errorf("%s ignores changes of %v", other.urn, other.ignored)
		}
	}
	if all := e.all(autoscalerType); len(all) != 1 {
		t.Errorf("%d autoscalers are registered, want 1", len(all))
	}
}

func TestReplicasAreFixedWithoutAutoscaling(t *testing.T) {
	e := shipped(t, "onprem").set("backend.autoscaling", map[string]any{"enabled": false, "maxReplicas": 9}).deployed(t)
	api := e.one(t, deploymentType, "backend")
	match(t, api, map[string]any{"spec.replicas": 5})
	if len(api.ignored) > 0 || len(e.all(autoscalerType)) > 0 {
		t.Errorf("changes of %v are ignored, and there are %d autoscalers", api.ignored, len(e.all(autoscalerType)))
	}
}
