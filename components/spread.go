package components

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	hostname = "kubernetes.io/hostname" // the label that Kubernetes gives each node
	// podTemplateHash is the label that a Deployment gives the pods of one ReplicaSet. Counting by it leaves the pods of the
	// previous version out: during a rolling update they are still there, and soon gone.
	podTemplateHash = "pod-template-hash"
)

// spread makes the scheduler prefer nodes with fewer pods of the same version of an app. It is a preference: with
// DoNotSchedule a full node would block every rolling update, although another node has room for all pods.
//
// Both preferences are needed. The topology spread constraint is graded, but with many pods per node its score loses
// to free CPU and memory (two pods here, three there: 25 points of 100). The anti-affinity always gives the full 100
// points between the nodes with the fewest and the most pods, but on more than two nodes ranks those in between less well.
func spread(app string, spec *corev1.PodSpecArgs) {
	pods := metav1.LabelSelectorArgs{MatchLabels: selector(app)}
	version := pulumi.StringArray{pulumi.String(podTemplateHash)}
	spec.TopologySpreadConstraints = corev1.TopologySpreadConstraintArray{corev1.TopologySpreadConstraintArgs{
		MaxSkew:           pulumi.Int(1),
		TopologyKey:       pulumi.String(hostname),
		WhenUnsatisfiable: pulumi.String("ScheduleAnyway"),
		NodeTaintsPolicy:  pulumi.String("Honor"), // nodes that are down or cordoned do not count
		LabelSelector:     pods,
		MatchLabelKeys:    version,
	}}
	spec.Affinity = corev1.AffinityArgs{PodAntiAffinity: corev1.PodAntiAffinityArgs{
		PreferredDuringSchedulingIgnoredDuringExecution: corev1.WeightedPodAffinityTermArray{corev1.WeightedPodAffinityTermArgs{
			Weight: pulumi.Int(100),
			PodAffinityTerm: corev1.PodAffinityTermArgs{
				TopologyKey: pulumi.String(hostname), LabelSelector: pods, MatchLabelKeys: version,
			},
		}},
	}}
}
