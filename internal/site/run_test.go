package site

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/config"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

// whole runs the program as Pulumi does.
func (s settings) whole(e *engine) error {
	e.stack = s.stack
	return pulumi.RunErr(Run, pulumi.WithMocks("hankki", s.stack, e), s.asPulumiDoes)
}

// runFor simulates a command that runs the program.
func runFor(t *testing.T, c config.Command) {
	t.Helper()
	path, end, err := c.Offer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	t.Setenv(config.CommandVariable, path)
}

// After a handover has ended or was killed, an up must check the LAN again.
func TestEndedHandoverDoesNotSkipLANCheck(t *testing.T) {
	for _, alive := range []bool{true, false} {
		t.Run(map[bool]string{true: "the handover runs", false: "the handover has ended"}[alive], func(t *testing.T) {
			cluster, e := newKitchen(t), &engine{}
			cluster.lists = map[string]string{"/api/v1/services": `{"metadata":{"namespace":"default","name":"frontend-lb"},"status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.4"}]}}}`}
			path, end, err := config.Command{Handover: "default"}.Offer()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(end)
			t.Setenv(config.CommandVariable, path)
			var want []string
			if !alive {
				end()
				want = []string{"unset HANKKI_RUN", "Service default/frontend-lb has this address"}
			}
			expectRefusal(t, e, cluster.stack(t).whole(e), want)
		})
	}
}

// An unknown key, an unreachable cluster, registry and chart repository are reported in one error, before anything is
// created.
func TestAllErrorsAreReportedBeforeChanges(t *testing.T) {
	cluster, server, charts := stacktest.ClosedAddress(t), stacktest.ClosedAddress(t), stacktest.ClosedAddress(t)
	testfile.UseKubeconfig(t, map[string]string{"kitchen": "http://" + cluster}, "kitchen")
	t.Setenv("HANKKI_CACHE", t.TempDir())
	t.Setenv(pulumi.EnvConfig, `{"hankki:namespce": "shop", "kubernetes:context": "kitchen"}`) // the engine lists the keys in this variable
	e := &engine{}
	err := shipped(t, "onprem").set("registry.server", server).set("metallb.chart.repository", "http://"+charts).set("backend.replicas", 0).set("frontend.apiMode", "both").whole(e)
	stacktest.CheckError(t, err, "stack onprem can't be deployed", "namespce is unknown", "backend.replicas 0", `frontend.apiMode "both"`, cluster, server, charts, "metallb.chart.path")
	if made := e.all(""); len(made) > 0 {
		t.Errorf("%s is registered", made[0].urn)
	}
}

func TestValidStackIsDeployed(t *testing.T) {
	cluster, e := newKitchen(t), &engine{}
	if err := cluster.stack(t).whole(e); err != nil {
		t.Fatal(err)
	}
	e.one(t, deploymentType, "frontend")
	for _, tier := range []string{"redis", "backend", "frontend"} {
		if !cluster.requested("/apis/apps/v1/namespaces/hankki/deployments/" + tier) {
			t.Errorf("the rollout of %s is not checked in the cluster", tier)
		}
	}
	for _, tier := range []string{"backend", "frontend"} {
		if !cluster.requested("/api/v1/namespaces/hankki/services/" + tier) {
			t.Errorf("the run does not check whether the LAN reaches %s", tier)
		}
	}
}

// Rendering needs no cluster, registry or secret.
func TestRenderingNeedsNoClusterRegistryOrSecret(t *testing.T) {
	testfile.UseKubeconfig(t, map[string]string{"kitchen": "http://" + stacktest.ClosedAddress(t)}, "kitchen")
	s := shipped(t, "onprem").set("registry.server", stacktest.ClosedAddress(t)).set("render.directory", "manifests").set("metallb.chart.path", t.TempDir())
	for name := range secretValues {
		delete(s.values, name)
	}
	e := &engine{bare: true}
	if err := s.whole(e); err != nil {
		t.Fatal(err)
	}
	e.one(t, deploymentType, "frontend")
}
