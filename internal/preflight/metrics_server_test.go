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
		list    string // empty: hidden
		refused bool
	}{
		"others use it":                 {false, []string{installed}, items(own, others), true},
		"it stays":                      {true, []string{installed}, items(own, others), false},
		"it is not the stack's":         {false, nil, items(own, others), false},
		"the stack alone uses it":       {false, []string{installed}, items(own), false},
		"nobody uses it":                {false, []string{installed}, items(), false},
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
