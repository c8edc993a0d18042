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

// drainLimit is longer than the grace period of the site's pods. A pod that takes longer is on an unreachable node.
const drainLimit = 45 * time.Second

// drain waits until the old pods have ended. They serve for some seconds more and need their dependencies until then.
func (t target) drain(ctx context.Context, client *rest.Config, report func(progress string)) error {
	core, err := corev1client.NewForConfig(client)
	if err != nil {
		return fmt.Errorf("client of the cluster: %w", err)
	}
	reported := false
	// The rollout is complete, so neither a pod that exceeds drainLimit nor an unreachable API server is an error.
	_ = wait.PollUntilContextTimeout(ctx, 500*time.Millisecond, drainLimit, true, func(ctx context.Context) (bool, error) {
		pods, err := core.Pods(t.namespace).List(ctx, metav1.ListOptions{LabelSelector: t.pods.String()})
		if err != nil {
			return false, nil //nolint:nilerr // an unreachable API server is temporary
		}
		ending := slices.ContainsFunc(pods.Items, func(p corev1.Pod) bool { return p.DeletionTimestamp != nil })
		if ending && !reported {
			reported = true
			report("waiting until the old pods have terminated, before objects that they may use are deleted")
		}
		return !ending, nil
	})
	return nil
}
