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

// checkAutoscaling has the cluster choose the number of the API's pods, by a metrics-server that the stack brings along.
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
		t.Errorf("without a load there are %d replicas", n)
	}
	r := load{rate: 60}.start(t, l)
	eventually(t, 3*time.Minute, func() string {
		if n := replicas(); n < 3 {
			return fmt.Sprintf("%d replicas under load; %s", n, l.kubectl(t, "get", "hpa/backend", "-n", "hankki", "--no-headers"))
		}
		return ""
	})
	// Of the Deployment's spec. A number that an up sets back, and the autoscaler repairs, is one more than there should be.
	changes := number(".metadata.generation")
	if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
		t.Errorf("Pulumi changed %v", got)
	}
	s.change(t, "while it is scaled")
	s.upChanges(t, output, newAPI...)
	if n, m := replicas(), number(".metadata.generation")-changes; n != 3 || m != 1 {
		t.Errorf("after two ups there are %d replicas, and the Deployment was changed %d times, once for its image", n, m)
	}
	r.stop(t)
	s.set(t, "backend.autoscaling.enabled", "false")
	s.set(t, "metricsServer.install", "false")
	s.up(t, output, optup.Refresh()) // the number is the stack's again
	if n := replicas(); n != 2 {
		t.Errorf("without autoscaling there are %d replicas", n)
	}
}
