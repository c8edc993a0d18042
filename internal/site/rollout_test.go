package site

import (
	"errors"
	"slices"
	"strings"
	"testing"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Waiting for pods is bounded, and the cluster, if there is one, reports why they are not ready.
func TestFailuresOfPodsAreBoundedAndExplained(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			e := s.set("rolloutTimeout", 120).deployed(t)
			for _, r := range append(e.all(deploymentType), e.all(jobType)...) { // an up does not wait for CronJobs
				if r.timeout != "120s" {
					t.Errorf("%s may take %q", r.urn, r.timeout)
				}
				if reported := len(r.onError) == 1 && r.onError[0] == "postmortem"; reported == strings.Contains(name, "rendered") {
					t.Errorf("the error hooks of %s are %q", r.urn, r.onError)
				}
				confirmed := slices.Equal(r.afterCreate, []string{"rollout"}) && slices.Equal(r.afterUpdate, r.afterCreate)
				if due := r.typ == deploymentType && !strings.Contains(name, "rendered"); confirmed != due {
					t.Errorf("the hooks that wait for %s are %q and %q", r.urn, r.afterCreate, r.afterUpdate)
				}
				for i := range list(r, "spec.template.spec.containers") {
					container := list(r, "spec.template.spec.containers")[i]
					if at(container, "terminationMessagePolicy") != "FallbackToLogsOnError" {
						t.Errorf("a container of %s leaves no termination message", r.urn)
					}
				}
			}
		})
	}
}

// A tier that does not become ready must fail the run.
func TestFailedRolloutOfEachTierFailsTheRun(t *testing.T) {
	for _, tier := range []string{"redis", "postgres", "backend", "frontend"} {
		s := shipped(t, "dev")
		s.confirm = func(d *appsv1.Deployment) pulumi.BoolOutput {
			return d.Metadata.Name().ApplyT(func(name *string) (bool, error) {
				if *name == tier {
					return false, errors.New("the oven is cold")
				}
				return true, nil
			}).(pulumi.BoolOutput)
		}
		if err, _ := s.run(&engine{}); err == nil || !strings.Contains(err.Error(), "the oven is cold") {
			t.Errorf("%s does not come up, and the error is %v", tier, err)
		}
	}
}

// Each LoadBalancer Service must be reachable from the LAN at its configured address.
func TestEachTierOnTheLANMustBeReachable(t *testing.T) {
	for tier, address := range map[string]string{"backend": "10.0.0.3", "frontend": "10.0.0.4"} {
		s := shipped(t, "dev")
		s.reach = func(service *corev1.Service, requested string, rolledOut pulumi.BoolOutput) pulumi.BoolOutput {
			return pulumi.All(service.Metadata.Name(), rolledOut).ApplyT(func(all []any) (bool, error) {
				if *all[0].(*string) == tier {
					return false, errors.New("no node announces " + requested)
				}
				return true, nil
			}).(pulumi.BoolOutput)
		}
		if err, _ := s.run(&engine{}); err == nil || !strings.Contains(err.Error(), "no node announces "+address) {
			t.Errorf("%s can't be reached, and the error is %v", tier, err)
		}
	}
}

// A pod on an unreachable node is replaced 30 s after Kubernetes has tainted the node, not after 300 s.
func TestPodsLeaveUnreachableNodes(t *testing.T) {
	for _, r := range pods(shipped(t, "onprem").deployed(t)) {
		for i, taint := range []string{"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"} {
			match(t, r, map[string]any{
				"spec.template.spec.tolerations." + string(rune('0'+i)): map[string]any{
					"key": taint, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 30.0,
				},
			})
		}
	}
}
