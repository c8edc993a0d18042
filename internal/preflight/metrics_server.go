package preflight

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"hankki/internal/config"
	"hankki/internal/kubeconfig"
)

// MetricsServer rejects an update that would delete the stack's metrics-server while other autoscalers use it. The
// check is skipped if the user may not list autoscalers.
func MetricsServer(ctx context.Context, c *config.Config, client *rest.Config, stack Stack) error {
	if c.MetricsServer.Install || !stack.Has("APIService", metav1.ObjectMeta{Name: "v1beta1.metrics.k8s.io"}) {
		return nil
	}
	api, err := kubeconfig.NewClient(client, timeout)
	if err != nil {
		return fmt.Errorf("kubeContext %q: %w", c.KubeContext, err)
	}
	autoscalers, err := kubeconfig.List[struct {
		metav1.ObjectMeta `json:"metadata"`
	}](ctx, api, "/apis/autoscaling/v2/horizontalpodautoscalers")
	if apierrors.IsForbidden(err) || apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("kubeContext %q: the cluster at %s did not list its autoscalers: %w", c.KubeContext, client.Host, err)
	}
	var others []string
	for _, a := range autoscalers {
		if !stack.Owns("HorizontalPodAutoscaler", a.ObjectMeta) {
			others = append(others, a.Namespace+"/"+a.Name)
		}
	}
	if len(others) == 0 {
		return nil
	}
	slices.Sort(others)
	return fmt.Errorf("metricsServer.install is false, but this stack installed metrics-server, and HorizontalPodAutoscaler %s would no longer scale without it: "+
		"set metricsServer.install true, or remove metrics-server from the state with `pulumi state delete` to keep it in the cluster", strings.Join(others, ", "))
}
