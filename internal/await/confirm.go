package await

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	appsv1client "k8s.io/client-go/kubernetes/typed/apps/v1"
	"k8s.io/client-go/rest"
)

// confirm waits until the Deployment is rolled out, and reports each step. The Kubernetes plugin waits before it, but sometimes
// (seen with 4.25, when several Deployments change at once) it takes the old pods for the updated ones, and considers the
// Deployment complete before its controller has observed it. pulumi-kubernetes#2943 was to end that for Deployments, and #4094 did
// for StatefulSets. This wait can go when `make test-e2e` passes without it on a release that compares the generation that
// the update was answered with.
func (t target) confirm(ctx context.Context, client *rest.Config, changed bool, limit time.Duration, tell func(progress string)) error {
	apps, err := appsv1client.NewForConfig(client)
	if err != nil {
		return fmt.Errorf("asking the cluster: %w", err)
	}
	var progress string
	err = wait.PollUntilContextTimeout(ctx, 500*time.Millisecond, limit, true, func(context.Context) (bool, error) {
		now, err := t.remaining(ctx, apps, changed)
		if now != "" && now != progress {
			tell(now)
		}
		progress = now
		return now == "", err
	})
	if err == nil {
		return nil
	}
	if errors.Is(err, errRemoved) {
		return fmt.Errorf("%s %w", t, err)
	}
	why, unexplained := t.ask(ctx, client)
	if why == "" {
		why = t.String() + " did not come up"
	}
	return errors.Join(fmt.Errorf("%s\nafter %v: %s", why, limit, progress), unexplained)
}

// errRemoved is of a Deployment that the state knows and this up does not change: the engine has not looked whether it is there.
var errRemoved = errors.New("was removed by hand: `pulumi up --refresh` makes it anew")

// remaining asks the cluster, and takes an API server that is away for one that comes back.
func (t target) remaining(ctx context.Context, apps appsv1client.DeploymentsGetter, changed bool) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	deployment, err := apps.Deployments(t.namespace).Get(ctx, t.name, metav1.GetOptions{})
	switch {
	case err == nil:
		return remaining(deployment, changed), nil
	case apierrors.IsNotFound(err) && !changed:
		return "", errRemoved
	default:
		return "asking the cluster: " + err.Error(), nil
	}
}

// remaining is what a Deployment lacks to be rolled out, as `kubectl rollout status` judges it; empty if nothing. Pods that
// are not available any more once a rollout was complete are no matter of one that does not change the Deployment.
func remaining(d *appsv1.Deployment, changed bool) string {
	replicas := int32(1)
	if d.Spec.Replicas != nil {
		replicas = *d.Spec.Replicas
	}
	switch s := d.Status; {
	case s.ObservedGeneration < d.Generation:
		return "waiting for its controller to see the change"
	case s.UpdatedReplicas < replicas:
		return fmt.Sprintf("%d of %d pods are new", s.UpdatedReplicas, replicas)
	case s.Replicas > s.UpdatedReplicas:
		return fmt.Sprintf("%d pods of before are still to end", s.Replicas-s.UpdatedReplicas)
	case s.AvailableReplicas < s.UpdatedReplicas && (changed || !wasComplete(s)):
		return fmt.Sprintf("%d of %d new pods are available", s.AvailableReplicas, s.UpdatedReplicas)
	}
	return ""
}

// wasComplete tells whether all pods of the latest version have been available at one time.
func wasComplete(s appsv1.DeploymentStatus) bool {
	return slices.ContainsFunc(s.Conditions, func(c appsv1.DeploymentCondition) bool {
		return c.Type == appsv1.DeploymentProgressing && c.Reason == "NewReplicaSetAvailable"
	})
}
