package site

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/config"
	"hankki/internal/stacktest"
)

// A manually installed MetalLB is not adopted: a second one could not start beside it, and destroying the stack would
// delete its CRDs.
func TestForeignMetalLBIsNotListedForAdoption(t *testing.T) {
	cluster, e := newKitchen(t), &engine{}
	cluster.lists = map[string]string{
		"/apis/apps/v1/daemonsets": `{"metadata":{"namespace":"metallb-system","name":"speaker","labels":{"app":"metallb","component":"speaker"}}}`,
		"/api/v1/services":         `{"metadata":{"namespace":"default","name":"frontend-lb"},"status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.4"}]}}}`,
	}
	runFor(t, config.Command{Adopt: true})
	s := cluster.stack(t)
	e.stack = s.stack
	err := pulumi.RunErr(Run, pulumi.WithMocks("hankki", s.stack, e), s.asPulumiDoes, stacktest.Preview)
	expectRefusal(t, e, err, []string{"MetalLB runs already (DaemonSet metallb-system/speaker)", "metallb.manage"})
	if strings.Contains(err.Error(), "frontend-lb") {
		t.Errorf("an address of a foreign Service is no longer an error: %v", err)
	}
}

// `hankki adopt` runs a preview to list what the stack would create. The same switch does not let an up overwrite
// anything.
func TestForeignObjectsAreListedForAdoption(t *testing.T) {
	for _, preview := range []bool{true, false} {
		t.Run(map[bool]string{true: "preview", false: "up"}[preview], func(t *testing.T) {
			cluster, e := newKitchen(t), &engine{}
			cluster.objects[redisService] = owned("1", "hankki/dev")
			runFor(t, config.Command{Adopt: true})
			s := cluster.stack(t)
			e.stack = s.stack
			err := pulumi.RunErr(Run, pulumi.WithMocks("hankki", s.stack, e), s.asPulumiDoes, func(info *pulumi.RunInfo) { info.DryRun = preview })
			var want []string
			if !preview {
				want = []string{"Service hankki/redis: belongs to the stack hankki/dev"}
			}
			expectRefusal(t, e, err, want)
		})
	}
}
