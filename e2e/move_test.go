package e2e

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// checkMove moves the site of the stack dev to another namespace and back. The cook's account and the volumes are kept, and
// MetalLB's pods are not replaced.
func checkMove(t *testing.T, l lab, s stack, output io.Writer) {
	c := signUp(t, l)
	volumes := func() string {
		return l.kubectl(t, "get", "pv", "-o", `jsonpath={range .items[*]}{.metadata.name} {.spec.claimRef.name} {.spec.persistentVolumeReclaimPolicy}, {end}`)
	}
	balancers := func() string {
		return l.kubectl(t, "get", "pods", "-n", "metallb-system", "-o", "jsonpath={.items[*].metadata.uid}")
	}
	before, pods := volumes(), balancers()
	for _, names := range [][2]string{{"hankki", "kitchen"}, {"kitchen", "hankki"}} {
		reading := load{pages: behindNginx, newVisitors: true}.start(t, l)
		move := s.hankki(t.Context(), "move", "--to", names[1])
		move.Stderr = output
		if printed, err := move.Output(); err != nil {
			t.Fatalf("hankki move: %v\n%s", err, printed)
		}
		eventually(t, 30*time.Second, func() string { return unless(c.logIn(t), "200") })
		failed, gap := failedReads(reading.end(t))
		t.Logf("to %s: %d reads failed, the longest gap was %v", names[1], failed, gap)
		if out := l.kubectl(t, "get", "namespaces", "-o", "name"); strings.Contains(out, "namespace/"+names[0]+"\n") {
			t.Errorf("the namespace %s is still there", names[0])
		}
		if after := volumes(); after != before {
			t.Errorf("the volumes are %s, want %s", after, before)
		}
	}
	if after := balancers(); after != pods {
		t.Error("MetalLB's pods were replaced")
	}
	if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
		t.Errorf("changed after the move: %v", got)
	}
}
