package site

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// pods are all resources with a pod template. A CronJob is represented by its Job.
func pods(e *engine) []registration {
	all := append(e.all(deploymentType), e.all(jobType)...)
	for _, r := range e.all(cronJobType) {
		r.typ = jobType
		r.inputs, _ = at(r.inputs, "spec.jobTemplate").(map[string]any)
		r.revealed, _ = at(r.revealed, "spec.jobTemplate").(map[string]any)
		all = append(all, r)
	}
	return all
}

// The requirements of Pod Security "restricted" for a pod and its containers, and further hardening.
var (
	podMustHave = map[string]any{
		"automountServiceAccountToken":        false,
		"enableServiceLinks":                  false,
		"securityContext.runAsNonRoot":        true,
		"securityContext.seccompProfile.type": "RuntimeDefault",
		"hostNetwork":                         nil,
		"hostPID":                             nil,
		"serviceAccountName":                  nil,
		"terminationGracePeriodSeconds":       50,
	}
	containerMustHave = map[string]any{
		"securityContext.allowPrivilegeEscalation": false,
		"securityContext.readOnlyRootFilesystem":   true,
		"securityContext.capabilities.drop":        []any{"ALL"},
		"securityContext.capabilities.add":         nil,
		"securityContext.privileged":               nil,
		"securityContext.runAsUser":                nil, // set on the pod
		"resources.limits.cpu":                     nil,
		"resources.requests.ephemeral-storage":     "64Mi",
	}
)

func TestPodsAreHardened(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			for _, r := range pods(s.deployed(t)) {
				want := map[string]any{}
				for path, value := range podMustHave {
					want["spec.template.spec."+path] = value
				}
				user := 10001
				if r.name == "postgres" {
					user = 999 // of the official image
				}
				for _, who := range []string{"runAsUser", "runAsGroup", "fsGroup"} {
					want["spec.template.spec.securityContext."+who] = user
				}
				var containers []string
				for _, kind := range []string{"initContainers", "containers"} {
					for i := range list(r, "spec.template.spec."+kind) {
						containers = append(containers, fmt.Sprintf("spec.template.spec.%s.%d.", kind, i))
					}
				}
				inS3 := r.name == "backup" && len(containers) > 1
				if first := list(r, "spec.template.spec.initContainers"); len(first) > 0 && !inS3 {
					t.Errorf("%s has the init containers %v", r.urn, first)
				}
				for i, container := range containers {
					want[container+"resources.limits.ephemeral-storage"] = "512Mi"
					if inS3 && i == 1 {
						want[container+"resources.limits.ephemeral-storage"] = "11Gi" // with the working folder
					}
					for path, value := range containerMustHave {
						want[container+path] = value
					}
					for _, path := range []string{"requests.cpu", "requests.memory", "limits.memory"} {
						if at(r.inputs, container+"resources."+path) == nil {
							t.Errorf("%s of %s has no %s", container, r.urn, path)
						}
					}
				}
				match(t, r, want)
				for _, volume := range list(r, "spec.template.spec.volumes") {
					for kind := range volume.(map[string]any) {
						if !slices.Contains([]string{"name", "emptyDir", "secret", "persistentVolumeClaim", "configMap"}, kind) {
							t.Errorf("%s mounts a volume of the kind %s", r.urn, kind)
						}
					}
					if bounded := at(volume, "emptyDir.sizeLimit") != nil; at(volume, "emptyDir") != nil && !bounded {
						t.Errorf("%s has a scratch volume without a bound", r.urn)
					}
				}
			}
		})
	}
}

func list(r registration, path string) []any {
	l, _ := at(r.inputs, path).([]any)
	return l
}

// Selectors are immutable, so they must not contain a version. They must select their own pods and no others.
func TestSelectorsFindTheirPods(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			e := s.deployed(t)
			for _, r := range append(append(e.all(deploymentType), e.all(budgetType)...), e.all(serviceType)...) {
				path, app := "spec.selector.matchLabels", strings.TrimSuffix(r.name, "-proxied")
				if r.typ == serviceType {
					path = "spec.selector"
				}
				selector, _ := at(r.inputs, path).(map[string]any)
				if want := (map[string]any{"app.kubernetes.io/name": app, "app.kubernetes.io/part-of": "hankki"}); !maps.Equal(selector, want) {
					t.Errorf("%s selects %v, not %v", r.urn, selector, want)
				}
				for _, pod := range pods(e) {
					if found, own := selects(selector, podLabels(pod)), pod.name == app; found != own {
						t.Errorf("%s selects the pods of %s: %t", r.urn, pod.name, found)
					}
				}
			}
		})
	}
}

func podLabels(r registration) map[string]any {
	labels, _ := at(r.inputs, "spec.template.metadata.labels").(map[string]any)
	return labels
}

// selects reports whether the selector matches the labels.
func selects(selector, labels map[string]any) bool {
	for key, value := range selector {
		if labels[key] != value {
			return false
		}
	}
	return true
}

// With one replica, a budget would either block a drain or have no effect.
func TestDisruptionBudgetOnlyWithReplicas(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			e := s.set("frontend.replicas", 3).deployed(t)
			budgets, most := map[string]registration{}, map[string]any{}
			for _, r := range e.all(budgetType) {
				budgets[r.name] = r
			}
			for _, r := range e.all(deploymentType) {
				most[r.name] = at(r.inputs, "spec.replicas")
			}
			for _, r := range e.all(autoscalerType) {
				most[r.name] = at(r.inputs, "spec.maxReplicas")
			}
			for app, replicas := range most {
				budget, found := budgets[app]
				if many := replicas.(float64) > 1; many != found {
					t.Errorf("%s has up to %v replicas, and a budget: %t", app, replicas, found)
				} else if found {
					match(t, budget, map[string]any{
						"spec.maxUnavailable": 1, "spec.minAvailable": nil, "spec.unhealthyPodEvictionPolicy": "AlwaysAllow",
					})
				}
			}
		})
	}
}

func TestDeploymentsRollWithoutAGap(t *testing.T) {
	for _, stack := range []string{"dev", "onprem"} {
		for _, r := range shipped(t, stack).deployed(t).all(deploymentType) {
			if r.name != "postgres" { // a single replica with a volume
				match(t, r, map[string]any{
					"spec.strategy": map[string]any{"type": "RollingUpdate", "rollingUpdate": map[string]any{"maxSurge": 1, "maxUnavailable": 0}},
					"spec.template.spec.containers.0.lifecycle.preStop.sleep.seconds": 20,
				})
			}
			match(t, r, map[string]any{
				"spec.template.spec.containers.0.lifecycle.preStop.exec": nil,
				"spec.template.spec.restartPolicy":                       "Always",
			})
			// Each of the three probes has its own purpose; only readiness may depend on other components.
			asks := map[string]string{}
			for _, probe := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
				asks[probe] = fmt.Sprint(at(r.inputs, "spec.template.spec.containers.0."+probe))
				if !strings.Contains(asks[probe], "periodSeconds") {
					t.Errorf("%s has no %s", r.urn, probe)
				}
			}
			if asks["readinessProbe"] == asks["livenessProbe"] || asks["startupProbe"] == asks["livenessProbe"] {
				t.Errorf("%s: its probes are one: %v", r.urn, asks)
			}
		}
	}
	e := shipped(t, "onprem").deployed(t)
	for _, app := range []string{"backend", "frontend"} {
		match(t, e.one(t, deploymentType, app), map[string]any{
			"spec.template.spec.containers.0.livenessProbe.httpGet.path":  "/healthz/live",
			"spec.template.spec.containers.0.startupProbe.httpGet.path":   "/healthz/live",
			"spec.template.spec.containers.0.readinessProbe.httpGet.path": "/healthz/ready",
		})
	}
}
