package e2e

import (
	"io"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// checkDrift changes two objects by hand, as people do in a hurry: refresh shows both, up puts both right.
func checkDrift(t *testing.T, l lab, s stack, output io.Writer) {
	l.kubectl(t, "scale", "-n", "hankki", "deployment/backend", "--replicas=2")
	l.kubectl(t, "delete", "-n", "hankki", "networkpolicy/redis")
	seen, err := s.PreviewRefresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := seen.ChangeSummary; got["update"] == 0 || got["delete"] != 1 {
		t.Errorf("refresh shows %v, want the update of the Deployment and the deletion of the NetworkPolicy", got)
	}
	s.up(t, output, optup.Refresh())
	checkPods(t, l)
	l.kubectl(t, "get", "-n", "hankki", "networkpolicy/redis")
	if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
		t.Errorf("after it was put right: %v", got)
	}
}
