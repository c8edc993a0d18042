package components

import (
	"fmt"
	"slices"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	policyv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/policy/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// drainSeconds is how long a pod that is to end goes on serving, so that every node has stopped sending to it.
	drainSeconds = 5
	// graceSeconds is the whole time to end: draining, then finishing what is under way.
	graceSeconds = drainSeconds + 30
	// goneSeconds is how long a pod waits for a node that does not answer, after the 40 s in which Kubernetes gives a node
	// up; then another takes its place. Kubernetes' own 300 are for pods that can't move so easily.
	goneSeconds = 30
	// lastWords has a container that fails leave the end of its log, which the output of `pulumi up` then shows.
	lastWords = pulumi.String("FallbackToLogsOnError")
)

// workload is what differs from tier to tier; the methods add what every pod of ours has in common.
type workload struct {
	app       string // value of the name label
	scope     Scope
	user      int // numeric; also the group
	container corev1.ContainerArgs
	sidecars  []corev1.ContainerArgs
	scratch   []string // paths with an empty writable volume; nothing else is writable
	volumes   corev1.VolumeArray
	// annotations of the pods, which are replaced when one changes.
	annotations pulumi.StringMap
	// alone: no two pods at one time, for they share a volume. An update then has a gap.
	alone       bool
	autoscaling *Autoscaling // nil: the number of replicas is fixed
}

// podTemplate is the pod, hardened, with its writable paths.
func (w workload) podTemplate(restart string) corev1.PodTemplateSpecArgs {
	c := w.container
	c.SecurityContext, c.TerminationMessagePolicy = noPrivileges(), lastWords
	mounts, _ := c.VolumeMounts.(corev1.VolumeMountArray) // nil when the tier has none of its own
	volumes := w.volumes
	for i, path := range w.scratch {
		name := pulumi.String(fmt.Sprintf("scratch-%d", i))
		volumes = append(volumes, corev1.VolumeArgs{Name: name, EmptyDir: corev1.EmptyDirVolumeSourceArgs{
			SizeLimit: pulumi.String("256Mi"),
		}})
		mounts = append(mounts, corev1.VolumeMountArgs{Name: name, MountPath: pulumi.String(path)})
	}
	c.VolumeMounts = mounts
	containers := corev1.ContainerArray{c}
	for _, s := range w.sidecars {
		s.SecurityContext, s.TerminationMessagePolicy = noPrivileges(), lastWords
		containers = append(containers, s)
	}
	metadata := metav1.ObjectMetaArgs{Labels: labels(w.app)}
	if len(w.annotations) > 0 {
		metadata.Annotations = w.annotations
	}
	return corev1.PodTemplateSpecArgs{
		Metadata: metadata,
		Spec: corev1.PodSpecArgs{
			AutomountServiceAccountToken:  pulumi.Bool(false),
			EnableServiceLinks:            pulumi.Bool(false),
			ImagePullSecrets:              w.scope.PullSecrets,
			RestartPolicy:                 pulumi.String(restart),
			SecurityContext:               nonRoot(w.user),
			TerminationGracePeriodSeconds: pulumi.Int(graceSeconds),
			Tolerations: corev1.TolerationArray{
				whileGone("node.kubernetes.io/not-ready"), whileGone("node.kubernetes.io/unreachable"),
			},
			Containers: containers,
			Volumes:    volumes,
		},
	}
}

// deployment runs replicas of the pod, spread over the nodes, replaced one by one and never below their number unless
// the pod must be alone. With autoscaling it begins with the least number, and the autoscaler has the say from then on. What
// it returns is true once they run, and must become an output of the component, or nobody notices if they never do.
func (w workload) deployment(ctx *pulumi.Context, name string, replicas int, opts ...pulumi.ResourceOption) (rolledOut pulumi.BoolOutput, err error) {
	if !w.alone { // or no other pod would be there to serve meanwhile
		w.container.Lifecycle = drain()
	}
	pod := w.podTemplate("Always")
	spec := pod.Spec.(corev1.PodSpecArgs)
	spec.TopologySpreadConstraints = spread(w.app)
	pod.Spec = spec
	own, most := append(slices.Clone(opts), w.scope.Wait.deploymentOptions()), replicas
	if w.autoscaling != nil {
		replicas, most = w.autoscaling.MinReplicas, w.autoscaling.MaxReplicas
		own = append(own, pulumi.IgnoreChanges([]string{"spec.replicas"}))
	}
	d, err := appsv1.NewDeployment(ctx, name, &appsv1.DeploymentArgs{
		Metadata: w.metadata(name),
		Spec: appsv1.DeploymentSpecArgs{
			Replicas:             pulumi.Int(replicas),
			RevisionHistoryLimit: pulumi.Int(3),
			Selector:             metav1.LabelSelectorArgs{MatchLabels: selector(w.app)},
			Strategy:             w.strategy(),
			Template:             pod,
		},
	}, own...)
	if err != nil {
		return rolledOut, fmt.Errorf("deployment %q: %w", name, err)
	}
	if w.autoscaling != nil {
		if err := w.autoscaler(ctx, name, opts...); err != nil {
			return rolledOut, err
		}
	}
	if most > 1 {
		if err := w.disruptionBudget(ctx, name, opts...); err != nil {
			return rolledOut, err
		}
	}
	return w.scope.Wait.rolledOut(d), nil
}

// drain has a container go on serving for drainSeconds.
func drain() corev1.LifecycleArgs {
	return corev1.LifecycleArgs{PreStop: corev1.LifecycleHandlerArgs{Sleep: corev1.SleepActionArgs{Seconds: pulumi.Int(drainSeconds)}}}
}

func whileGone(taint string) corev1.TolerationArgs {
	return corev1.TolerationArgs{
		Key: pulumi.String(taint), Operator: pulumi.String("Exists"), Effect: pulumi.String("NoExecute"), TolerationSeconds: pulumi.Int(goneSeconds),
	}
}

func (w workload) strategy() appsv1.DeploymentStrategyArgs {
	if w.alone {
		return appsv1.DeploymentStrategyArgs{Type: pulumi.String("Recreate")}
	}
	return appsv1.DeploymentStrategyArgs{
		Type:          pulumi.String("RollingUpdate"),
		RollingUpdate: appsv1.RollingUpdateDeploymentArgs{MaxSurge: pulumi.Int(1), MaxUnavailable: pulumi.Int(0)},
	}
}

// disruptionBudget lets a drained node take one pod at a time, and all that serve nobody anyway: while PostgreSQL is gone no
// pod of the API is ready, and a drain would wait for it.
func (w workload) disruptionBudget(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	_, err := policyv1.NewPodDisruptionBudget(ctx, name, &policyv1.PodDisruptionBudgetArgs{
		Metadata: w.metadata(name),
		Spec: policyv1.PodDisruptionBudgetSpecArgs{
			MaxUnavailable:             pulumi.Int(1),
			UnhealthyPodEvictionPolicy: pulumi.String("AlwaysAllow"),
			Selector:                   metav1.LabelSelectorArgs{MatchLabels: selector(w.app)},
		},
	}, opts...)
	if err != nil {
		return fmt.Errorf("pod disruption budget %q: %w", name, err)
	}
	return nil
}

// metadata is that of an object with a fixed name.
func (w workload) metadata(name string) metav1.ObjectMetaArgs {
	return metav1.ObjectMetaArgs{
		Name: pulumi.String(name), Namespace: w.scope.Namespace, Labels: labels(w.app),
	}
}
