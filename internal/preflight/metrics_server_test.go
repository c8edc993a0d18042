package preflight_test

import (
	"strings"
	"testing"

	"hankki/internal/kubeconfig"
	"hankki/internal/preflight"
)

func TestMetricsServerStaysWhileOthersUseIt(t *testing.T) {
	const path, installed = "/apis/autoscaling/v2/horizontalpodautoscalers", "APIService /v1beta1.metrics.k8s.io"
	const own, others = `{"metadata":{"namespace":"hankki","name":"backend","annotations":{"hankki/owner-id":"us"}}}`, `{"metadata":{"namespace":"shop","name":"web"}}`
	for name, row := range map[string]struct {
		install bool
		inState []string
		list    string // empty: forbidden
		refused bool
	}{
		"others use it":                 {false, []string{installed}, items(own, others), true},
		"still installed":               {true, []string{installed}, items(own, others), false},
		"installed by another stack":    {false, nil, items(own, others), false},
		"used by this stack only":       {false, []string{installed}, items(own), false},
		"unused":                        {false, []string{installed}, items(), false},
		"autoscalers may not be listed": {false, []string{installed}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			newClusterOf(t, map[string]string{path: row.list})
			client, err := kubeconfig.Load("")
			if err != nil {
				t.Fatal(err)
			}
			c := stack("")
			c.MetricsServer.Install = row.install
			err = preflight.MetricsServer(t.Context(), c, client, owned{row.inState})
			if (err != nil) != row.refused || err != nil && !strings.Contains(err.Error(), "HorizontalPodAutoscaler shop/web would") {
				t.Errorf("%v", err)
			}
		})
	}
}
