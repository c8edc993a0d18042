package await

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
)

// drainLimit is more than a pod of ours has to end. One that takes longer is on a node that does not answer.
const drainLimit = 45 * time.Second

// drain waits until the previous pods have ended: they serve for some seconds more, and need what they use until then.
func (t target) drain(ctx context.Context, client *rest.Config, tell func(progress string)) error {
	core, err := corev1client.NewForConfig(client)
	if err != nil {
		return fmt.Errorf("asking the cluster: %w", err)
	}
	told := false
	// The rollout is complete, so it does not fail for a pod that has not ended after drainLimit, or for an API server that is away.
	_ = wait.PollUntilContextTimeout(ctx, 500*time.Millisecond, drainLimit, true, func(ctx context.Context) (bool, error) {
		pods, err := core.Pods(t.namespace).List(ctx, metav1.ListOptions{LabelSelector: t.pods.String()})
		if err != nil {
			return false, nil //nolint:nilerr // an API server that is away comes back
		}
		ending := slices.ContainsFunc(pods.Items, func(p corev1.Pod) bool { return p.DeletionTimestamp != nil })
		if ending && !told {
			told = true
			tell("waiting for the previous pods to end before objects that they may use are deleted")
		}
		return !ending, nil
	})
	return nil
}
