package site

import "testing"

// A hard constraint on pod placement would block every rolling update while one node is full.
func TestSpreadIsAPreference(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			for _, r := range s.deployed(t).all(deploymentType) {
				const constraint = "spec.template.spec.topologySpreadConstraints.0."
				match(t, r, map[string]any{
					constraint + "whenUnsatisfiable":         "ScheduleAnyway",
					constraint + "topologyKey":               "kubernetes.io/hostname",
					constraint + "maxSkew":                   1,
					constraint + "nodeTaintsPolicy":          "Honor",
					constraint + "matchLabelKeys":            []any{"pod-template-hash"},
					constraint + "labelSelector.matchLabels": at(r.inputs, "spec.selector.matchLabels"),
				})
				for _, path := range []string{"topologySpreadConstraints.1", "nodeSelector", "nodeName", "affinity"} {
					if condition := at(r.inputs, "spec.template.spec."+path); condition != nil {
						t.Errorf("%s is bound to nodes by %s: %v", r.urn, path, condition)
					}
				}
			}
		})
	}
}
