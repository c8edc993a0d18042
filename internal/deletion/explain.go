package deletion

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"hankki/internal/cluster"
)

// explain lists the reasons why an object is not deleted yet, each with its solution.
func explain(ctx context.Context, client *cluster.Client, o cluster.Object) ([]string, error) {
	live, err := client.Get(ctx, o)
	if err != nil {
		return nil, err
	}
	if live.GetDeletionTimestamp() == nil {
		return []string{"no delete request has reached the API server yet"}, nil
	}
	reasons := finalizerReasons(live)
	switch o.Kind {
	case cluster.NamespaceKind:
		reasons = append(reasons, conditionReasons(live)...)
	case cluster.ClaimKind:
		pods, err := podsWith(ctx, client, live)
		if err != nil {
			return nil, err
		}
		reasons = append(reasons, pods...)
	case cluster.PodKind:
		reasons = append(reasons, podReasons(ctx, client, live)...)
	default:
		dependents, err := dependentReasons(ctx, client, live)
		if err != nil {
			return nil, err
		}
		reasons = append(reasons, dependents...)
	}
	if len(reasons) == 0 {
		reasons = []string{"the garbage collector of kube-controller-manager has not processed it yet: `kubectl -n kube-system get pods` shows whether kube-controller-manager runs"}
	}
	return reasons, nil
}

// builtinFinalizers are finalizers that Kubernetes removes itself once their condition is met. The condition is
// reported instead of them.
var builtinFinalizers = []string{
	metav1.FinalizerDeleteDependents, metav1.FinalizerOrphanDependents, "kubernetes", "kubernetes.io/pvc-protection", "kubernetes.io/pv-protection",
}

func finalizerReasons(live *unstructured.Unstructured) (reasons []string) {
	for _, finalizer := range live.GetFinalizers() {
		if slices.Contains(builtinFinalizers, finalizer) {
			continue
		}
		o := cluster.Name(live)
		reasons = append(reasons, fmt.Sprintf("%s has the finalizer %s, and its deletion was requested at %s: the controller that set the finalizer must remove it. If that controller no longer exists: kubectl patch %s --type=merge -p '{\"metadata\":{\"finalizers\":null}}'",
			o, finalizer, live.GetDeletionTimestamp().Format(time.TimeOnly), o.Kubectl()))
	}
	return reasons
}

// conditionReasons returns the namespace's own conditions about its remaining contents.
func conditionReasons(namespace *unstructured.Unstructured) (reasons []string) {
	conditions, _, _ := unstructured.NestedSlice(namespace.Object, "status", "conditions") // absent while Kubernetes has set no condition
	for _, c := range conditions {
		condition, _ := c.(map[string]any)
		if condition["status"] != "True" {
			continue
		}
		reason := fmt.Sprintf("%v: %v", condition["reason"], condition["message"])
		if condition["type"] == "NamespaceDeletionDiscoveryFailure" {
			reason += ". Solution: `kubectl get apiservices` shows the API that does not respond; start its server, or delete its APIService"
		}
		reasons = append(reasons, reason)
	}
	return reasons
}

// podsWith lists the pods that use a claim.
func podsWith(ctx context.Context, client *cluster.Client, claim *unstructured.Unstructured) (reasons []string, err error) {
	pods, err := client.List(ctx, cluster.PodKind, claim.GetNamespace())
	for _, pod := range pods {
		volumes, _, _ := unstructured.NestedSlice(pod.Object, "spec", "volumes")
		for _, v := range volumes {
			volume, _ := v.(map[string]any)
			if name, _, _ := unstructured.NestedString(volume, "persistentVolumeClaim", "claimName"); name == claim.GetName() {
				reasons = append(reasons, fmt.Sprintf("%s uses it", cluster.Name(&pod)))
				reasons = append(reasons, podReasons(ctx, client, &pod)...)
			}
		}
	}
	return reasons, err
}

// dependentReasons returns the reasons of the ReplicaSets and pods that block the object's foreground deletion.
func dependentReasons(ctx context.Context, client *cluster.Client, live *unstructured.Unstructured) (reasons []string, err error) {
	if !slices.Contains(live.GetFinalizers(), metav1.FinalizerDeleteDependents) {
		return nil, nil
	}
	owners := map[types.UID]bool{live.GetUID(): true}
	for _, kind := range []schema.GroupVersionKind{{Group: "apps", Version: "v1", Kind: "ReplicaSet"}, cluster.PodKind} {
		dependents, err := client.List(ctx, kind, live.GetNamespace())
		if err != nil {
			return nil, err
		}
		for _, d := range dependents {
			if !slices.ContainsFunc(d.GetOwnerReferences(), func(r metav1.OwnerReference) bool { return owners[r.UID] }) {
				continue
			}
			owners[d.GetUID()] = true
			reasons = append(reasons, finalizerReasons(&d)...)
			if kind == cluster.PodKind {
				reasons = append(reasons, podReasons(ctx, client, &d)...)
			}
		}
	}
	return reasons, nil
}

// podReasons explains why a pod is still there after its grace period: its node is unreachable, or a container has
// not stopped.
func podReasons(ctx context.Context, client *cluster.Client, pod *unstructured.Unstructured) []string {
	deleted := pod.GetDeletionTimestamp() // end of its grace period
	if deleted == nil || time.Since(deleted.Time) < 0 {
		return nil
	}
	o := cluster.Name(pod)
	nodeName, _, _ := unstructured.NestedString(pod.Object, "spec", "nodeName")
	force := fmt.Sprintf("kubectl delete %s --force --grace-period=0", o.Kubectl())
	node, err := client.Get(ctx, cluster.Object{Kind: schema.GroupVersionKind{Version: "v1", Kind: "Node"}, Name: nodeName})
	switch {
	case cluster.NotFound(err):
		return []string{fmt.Sprintf("%s should have stopped at %s, but its node %s is no longer in the cluster. Solution: %s", o, deleted.Format(time.TimeOnly), nodeName, force)}
	case err == nil && !ready(node):
		return []string{fmt.Sprintf("%s should have stopped at %s, but its node %s does not respond. Solution: start the node; or, if it is certainly off: kubectl taint node %s node.kubernetes.io/out-of-service=nodeshutdown:NoExecute",
			o, deleted.Format(time.TimeOnly), nodeName, nodeName)}
	}
	return []string{fmt.Sprintf("%s should have stopped at %s, but still runs on node %s: `kubectl describe %s` shows its containers and events. Solution, if none of its processes still run: %s",
		o, deleted.Format(time.TimeOnly), nodeName, strings.TrimPrefix(o.Kubectl(), "kubectl "), force)}
}

func ready(node *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(node.Object, "status", "conditions")
	return slices.ContainsFunc(conditions, func(c any) bool {
		condition, _ := c.(map[string]any)
		return condition["type"] == "Ready" && condition["status"] == "True"
	})
}
