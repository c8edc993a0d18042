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

// explain says what keeps an object from being deleted, a reason and its way out each.
func explain(ctx context.Context, client *cluster.Client, o cluster.Object) ([]string, error) {
	live, err := client.Get(ctx, o)
	if err != nil {
		return nil, err
	}
	if live.GetDeletionTimestamp() == nil {
		return []string{"the API server has not been asked to delete it yet"}, nil
	}
	reasons := ofFinalizers(live)
	switch o.Kind {
	case cluster.NamespaceKind:
		reasons = append(reasons, ofConditions(live)...)
	case cluster.ClaimKind:
		pods, err := podsWith(ctx, client, live)
		if err != nil {
			return nil, err
		}
		reasons = append(reasons, pods...)
	case cluster.PodKind:
		reasons = append(reasons, ofPod(ctx, client, live)...)
	default:
		dependents, err := ofDependents(ctx, client, live)
		if err != nil {
			return nil, err
		}
		reasons = append(reasons, dependents...)
	}
	if len(reasons) == 0 {
		reasons = []string{"Kubernetes' garbage collector, in kube-controller-manager, has not come to it yet: `kubectl -n kube-system get pods` shows whether that runs"}
	}
	return reasons, nil
}

// ofKubernetes are finalizers that Kubernetes itself takes away once what they stand for is done; what that is, is told
// instead of them.
var ofKubernetes = []string{
	metav1.FinalizerDeleteDependents, metav1.FinalizerOrphanDependents, "kubernetes", "kubernetes.io/pvc-protection", "kubernetes.io/pv-protection",
}

func ofFinalizers(live *unstructured.Unstructured) (reasons []string) {
	for _, finalizer := range live.GetFinalizers() {
		if slices.Contains(ofKubernetes, finalizer) {
			continue
		}
		o := cluster.Name(live)
		reasons = append(reasons, fmt.Sprintf("%s has the finalizer %s since %s: the controller that set it takes it away. If that controller is gone: kubectl patch %s --type=merge -p '{\"metadata\":{\"finalizers\":null}}'",
			o, finalizer, live.GetDeletionTimestamp().Format(time.TimeOnly), o.Kubectl()))
	}
	return reasons
}

// ofConditions are a namespace's own words about what is left in it.
func ofConditions(namespace *unstructured.Unstructured) (reasons []string) {
	conditions, _, _ := unstructured.NestedSlice(namespace.Object, "status", "conditions") // absent until there is something to say
	for _, c := range conditions {
		condition, _ := c.(map[string]any)
		if condition["status"] != "True" {
			continue
		}
		reason := fmt.Sprintf("%v: %v", condition["reason"], condition["message"])
		if condition["type"] == "NamespaceDeletionDiscoveryFailure" {
			reason += ". Way out: `kubectl get apiservices` shows the API that does not answer; start its server, or delete its APIService"
		}
		reasons = append(reasons, reason)
	}
	return reasons
}

// podsWith are the pods that use a claim.
func podsWith(ctx context.Context, client *cluster.Client, claim *unstructured.Unstructured) (reasons []string, err error) {
	pods, err := client.List(ctx, cluster.PodKind, claim.GetNamespace())
	for _, pod := range pods {
		volumes, _, _ := unstructured.NestedSlice(pod.Object, "spec", "volumes")
		for _, v := range volumes {
			volume, _ := v.(map[string]any)
			if name, _, _ := unstructured.NestedString(volume, "persistentVolumeClaim", "claimName"); name == claim.GetName() {
				reasons = append(reasons, fmt.Sprintf("%s uses it", cluster.Name(&pod)))
				reasons = append(reasons, ofPod(ctx, client, &pod)...)
			}
		}
	}
	return reasons, err
}

// ofDependents are the reasons of what a controller has made for the object: a Deployment waits for its pods.
func ofDependents(ctx context.Context, client *cluster.Client, live *unstructured.Unstructured) (reasons []string, err error) {
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
			reasons = append(reasons, ofFinalizers(&d)...)
			if kind == cluster.PodKind {
				reasons = append(reasons, ofPod(ctx, client, &d)...)
			}
		}
	}
	return reasons, nil
}

// ofPod says why a pod does not end: its node is silent, or its containers take their time.
func ofPod(ctx context.Context, client *cluster.Client, pod *unstructured.Unstructured) []string {
	deleted := pod.GetDeletionTimestamp() // when its grace period ends
	if deleted == nil || time.Since(deleted.Time) < 0 {
		return nil
	}
	o := cluster.Name(pod)
	nodeName, _, _ := unstructured.NestedString(pod.Object, "spec", "nodeName")
	force := fmt.Sprintf("kubectl delete %s --force --grace-period=0", o.Kubectl())
	node, err := client.Get(ctx, cluster.Object{Kind: schema.GroupVersionKind{Version: "v1", Kind: "Node"}, Name: nodeName})
	switch {
	case cluster.Gone(err):
		return []string{fmt.Sprintf("%s should have ended at %s, and its node %s is not in the cluster any more. Way out: %s", o, deleted.Format(time.TimeOnly), nodeName, force)}
	case err == nil && !ready(node):
		return []string{fmt.Sprintf("%s should have ended at %s, and its node %s does not answer. Way out: start the node; or, if it is off for certain: kubectl taint node %s node.kubernetes.io/out-of-service=nodeshutdown:NoExecute",
			o, deleted.Format(time.TimeOnly), nodeName, nodeName)}
	}
	return []string{fmt.Sprintf("%s should have ended at %s, and still runs on node %s: `kubectl describe %s` shows its containers and events. Way out, if nothing of it runs any more: %s",
		o, deleted.Format(time.TimeOnly), nodeName, strings.TrimPrefix(o.Kubectl(), "kubectl "), force)}
}

func ready(node *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(node.Object, "status", "conditions")
	return slices.ContainsFunc(conditions, func(c any) bool {
		condition, _ := c.(map[string]any)
		return condition["type"] == "Ready" && condition["status"] == "True"
	})
}
