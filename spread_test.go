package main

import "testing"

// A condition on where pods may run would block every rolling update while one node is full.
func TestSpreadIsAPreference(t *testing.T) {
	for name, s := range variants(t) {
		for _, r := range s.deployed(t).all(deploymentType) {
			pods, version := at(r.inputs, "spec.selector.matchLabels"), []any{"pod-template-hash"}
			constraint, term := "spec.template.spec.topologySpreadConstraints.0.", "spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0."
			match(t, r, map[string]any{
				constraint + "whenUnsatisfiable":                   "ScheduleAnyway",
				constraint + "topologyKey":                         "kubernetes.io/hostname",
				constraint + "maxSkew":                             1,
				constraint + "matchLabelKeys":                      version,
				constraint + "labelSelector.matchLabels":           pods,
				term + "weight":                                    100,
				term + "podAffinityTerm.topologyKey":               "kubernetes.io/hostname",
				term + "podAffinityTerm.matchLabelKeys":            version,
				term + "podAffinityTerm.labelSelector.matchLabels": pods,
			})
			for _, path := range []string{
				"topologySpreadConstraints.1", "nodeSelector", "nodeName", "affinity.nodeAffinity", "affinity.podAffinity",
				"affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution",
			} {
				if condition := at(r.inputs, "spec.template.spec."+path); condition != nil {
					t.Errorf("%s: %s is bound to nodes by %s: %v", name, r.urn, path, condition)
				}
			}
		}
	}
}
