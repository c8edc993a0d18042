package components

import (
	"fmt"

	autoscalingv2 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/autoscaling/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Autoscaling configures a HorizontalPodAutoscaler on CPU use. It needs metrics-server; without it the number of replicas
// does not change.
type Autoscaling struct {
	MinReplicas int
	MaxReplicas int
	TargetCPU   int // percent of a pod's CPU request
}

// autoscaler creates the HorizontalPodAutoscaler of the Deployment with that name.
func (w workload) autoscaler(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	_, err := autoscalingv2.NewHorizontalPodAutoscaler(ctx, name, &autoscalingv2.HorizontalPodAutoscalerArgs{
		Metadata: w.metadata(name),
		Spec: autoscalingv2.HorizontalPodAutoscalerSpecArgs{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReferenceArgs{
				ApiVersion: pulumi.String("apps/v1"), Kind: pulumi.String("Deployment"), Name: pulumi.String(name),
			},
			MinReplicas: pulumi.Int(w.autoscaling.MinReplicas),
			MaxReplicas: pulumi.Int(w.autoscaling.MaxReplicas),
			Metrics: autoscalingv2.MetricSpecArray{autoscalingv2.MetricSpecArgs{
				Type: pulumi.String("Resource"),
				Resource: autoscalingv2.ResourceMetricSourceArgs{
					Name:   pulumi.String("cpu"),
					Target: autoscalingv2.MetricTargetArgs{Type: pulumi.String("Utilization"), AverageUtilization: pulumi.Int(w.autoscaling.TargetCPU)},
				},
			}},
		},
	}, opts...)
	if err != nil {
		return fmt.Errorf("autoscaler %q: %w", name, err)
	}
	return nil
}
