package e2e

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// checkAutoscaling enables the HorizontalPodAutoscaler of the API and installs metrics-server with the stack.
func checkAutoscaling(t *testing.T, l lab, s stack, output io.Writer) {
	for path, value := range map[string]string{"enabled": "true", "minReplicas": "2", "maxReplicas": "3", "targetCPU": "20"} {
		s.set(t, "backend.autoscaling."+path, value)
	}
	s.set(t, "metricsServer.install", "true")
	s.up(t, output)
	number := func(path string) int {
		n, err := strconv.Atoi(strings.TrimSpace(l.kubectl(t, "get", "deployment/backend", "-n", "hankki", "-o", "jsonpath={"+path+"}")))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	replicas := func() int { return number(".spec.replicas") }
	if n := replicas(); n != 2 {
		t.Errorf("%d replicas without load, want 2", n)
	}
	r := load{rate: 60}.start(t, l)
	eventually(t, 3*time.Minute, func() string {
		if n := replicas(); n < 3 {
			return fmt.Sprintf("%d replicas under load; %s", n, l.kubectl(t, "get", "hpa/backend", "-n", "hankki", "--no-headers"))
		}
		return ""
	})
	// The generation counts changes of the Deployment's spec. If up reset the replicas and the autoscaler raised them again,
	// it would grow by more than one.
	changes := number(".metadata.generation")
	if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
		t.Errorf("Pulumi changed %v", got)
	}
	s.change(t, "while it is scaled")
	s.upChanges(t, output, newAPI...)
	if n, m := replicas(), number(".metadata.generation")-changes; n != 3 || m != 1 {
		t.Errorf("after two ups there are %d replicas, want 3; the Deployment was changed %d times, want 1, for its image", n, m)
	}
	r.stop(t)
	s.set(t, "backend.autoscaling.enabled", "false")
	s.set(t, "metricsServer.install", "false")
	s.up(t, output, optup.Refresh()) // the stack manages spec.replicas again
	if n := replicas(); n != 2 {
		t.Errorf("%d replicas without autoscaling, want 2", n)
	}
}
