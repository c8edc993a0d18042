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
	// drainSeconds is the preStop sleep, in which the terminating pod still serves until all nodes have stopped sending
	// requests. The EndpointSlice controller retries after 1, 2, 4 and 8 s while its cache is older than its own update
	// (Kubernetes 1.34), which happens when pods are replaced quickly. On the lab a node still sent a request after 17 s.
	drainSeconds = 20
	// graceSeconds is the termination grace period: draining, then completing requests in progress.
	graceSeconds = drainSeconds + 30
	// unreachableSeconds is the tolerationSeconds for unreachable nodes. It starts when Kubernetes taints the node (50 s without
	// a heartbeat since 1.32); afterwards the pod is replaced. Kubernetes' default is 300 s.
	unreachableSeconds = 30
	// terminationMessagePolicy makes a failed container leave the end of its log as termination message, which `pulumi up` prints.
	terminationMessagePolicy = pulumi.String("FallbackToLogsOnError")
)

// workload describes one tier; its methods add what all pods of the site have in common.
type workload struct {
	app       string // value of the name label
	scope     Scope
	user      int // numeric; also the group ID
	container corev1.ContainerArgs
	sidecars  []corev1.ContainerArgs
	init      []corev1.ContainerArgs  // run before the container, without its scratch folders
	mounts    corev1.VolumeMountArray // of the container
	scratch   []string                // paths with a writable emptyDir; the root file system is read-only
	volumes   corev1.VolumeArray
	// annotations of the pod template; a change replaces the pods.
	annotations pulumi.StringMap
	// exclusive: two pods never run at the same time, because they share a volume. An update then has a gap.
	exclusive   bool
	autoscaling *Autoscaling // nil: the number of replicas is fixed
}

// podTemplate returns the hardened pod template with its writable paths. A nil spread lets the scheduler choose the nodes.
func (w workload) podTemplate(restart string, spread corev1.TopologySpreadConstraintArray) corev1.PodTemplateSpecArgs {
	c := w.container
	c.SecurityContext, c.TerminationMessagePolicy = noPrivileges(), terminationMessagePolicy
	mounts, volumes := slices.Clone(w.mounts), w.volumes
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
		s.SecurityContext, s.TerminationMessagePolicy = noPrivileges(), terminationMessagePolicy
		containers = append(containers, s)
	}
	var first corev1.ContainerArray
	for _, i := range w.init {
		i.SecurityContext, i.TerminationMessagePolicy = noPrivileges(), terminationMessagePolicy
		first = append(first, i)
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
				unreachableToleration("node.kubernetes.io/not-ready"), unreachableToleration("node.kubernetes.io/unreachable"),
			},
			TopologySpreadConstraints: spread,
			InitContainers:            first,
			Containers:                containers,
			Volumes:                   volumes,
		},
	}
}

// deployment creates the Deployment, spread over the nodes: a rolling update with maxUnavailable 0, or Recreate if exclusive
// is set. With autoscaling, replicas starts at MinReplicas and is then managed by the HorizontalPodAutoscaler. rolledOut
// becomes true when the rollout is complete. Callers must register it as a component output, otherwise a failed rollout
// goes unnoticed.
func (w workload) deployment(ctx *pulumi.Context, name string, replicas int, opts ...pulumi.ResourceOption) (d *appsv1.Deployment, rolledOut pulumi.BoolOutput, err error) {
	if !w.exclusive { // a drain needs another pod that serves meanwhile
		w.container.Lifecycle = drain()
	}
	own, most := append(slices.Clone(opts), w.scope.Wait.deploymentOptions()), replicas
	if w.autoscaling != nil {
		replicas, most = w.autoscaling.MinReplicas, w.autoscaling.MaxReplicas
		own = append(own, pulumi.IgnoreChanges([]string{"spec.replicas"}))
	}
	d, err = appsv1.NewDeployment(ctx, name, &appsv1.DeploymentArgs{
		Metadata: w.metadata(name),
		Spec: appsv1.DeploymentSpecArgs{
			Replicas:             pulumi.Int(replicas),
			RevisionHistoryLimit: pulumi.Int(3),
			Selector:             metav1.LabelSelectorArgs{MatchLabels: selector(w.app)},
			Strategy:             w.strategy(),
			Template:             w.podTemplate("Always", spread(w.app)),
		},
	}, own...)
	if err != nil {
		return nil, rolledOut, fmt.Errorf("deployment %q: %w", name, err)
	}
	if w.autoscaling != nil {
		if err := w.autoscaler(ctx, name, opts...); err != nil {
			return nil, rolledOut, err
		}
	}
	if most > 1 {
		if err := w.disruptionBudget(ctx, name, opts...); err != nil {
			return nil, rolledOut, err
		}
	}
	return d, w.scope.Wait.rolledOut(d), nil
}

// drain is the preStop sleep of drainSeconds.
func drain() corev1.LifecycleArgs {
	return corev1.LifecycleArgs{PreStop: corev1.LifecycleHandlerArgs{Sleep: corev1.SleepActionArgs{Seconds: pulumi.Int(drainSeconds)}}}
}

func unreachableToleration(taint string) corev1.TolerationArgs {
	return corev1.TolerationArgs{
		Key: pulumi.String(taint), Operator: pulumi.String("Exists"), Effect: pulumi.String("NoExecute"), TolerationSeconds: pulumi.Int(unreachableSeconds),
	}
}

func (w workload) strategy() appsv1.DeploymentStrategyArgs {
	if w.exclusive {
		return appsv1.DeploymentStrategyArgs{Type: pulumi.String("Recreate")}
	}
	return appsv1.DeploymentStrategyArgs{
		Type:          pulumi.String("RollingUpdate"),
		RollingUpdate: appsv1.RollingUpdateDeploymentArgs{MaxSurge: pulumi.Int(1), MaxUnavailable: pulumi.Int(0)},
	}
}

// disruptionBudget allows a drain to evict one pod at a time, and all unready pods. While PostgreSQL is down, no pod of
// the API is ready, and the drain would otherwise wait.
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

// metadata returns the metadata of an object with a fixed name.
func (w workload) metadata(name string) metav1.ObjectMetaArgs {
	return metav1.ObjectMetaArgs{
		Name: pulumi.String(name), Namespace: w.scope.Namespace, Labels: labels(w.app),
	}
}
