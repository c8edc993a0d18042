package components

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// spread makes the scheduler prefer nodes with fewer pods of the same version of an app. It is a preference: with
// DoNotSchedule a full node would block every rolling update, even if another node has room for all pods.
//
// Measured with the scheduler of Kubernetes 1.34 and two nodes, one of them half full. After each of several rolling
// updates, two replicas are split 1:1, five are split 3:2 and ten are split 6:4. An additional anti-affinity changes only
// the last, to 5:5.
func spread(app string) corev1.TopologySpreadConstraintArray {
	return corev1.TopologySpreadConstraintArray{corev1.TopologySpreadConstraintArgs{
		MaxSkew:           pulumi.Int(1),
		TopologyKey:       pulumi.String("kubernetes.io/hostname"),
		WhenUnsatisfiable: pulumi.String("ScheduleAnyway"),
		LabelSelector:     metav1.LabelSelectorArgs{MatchLabels: selector(app)},
		// Without these, unreachable or cordoned nodes and old pods would count.
		NodeTaintsPolicy: pulumi.String("Honor"),
		MatchLabelKeys:   pulumi.StringArray{pulumi.String("pod-template-hash")},
	}}
}
