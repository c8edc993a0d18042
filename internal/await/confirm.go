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

	"hankki/internal/plural"
)

// confirm waits until the Deployment's rollout is complete and reports each change of its progress. The Kubernetes plugin
// has waited before. However, if several Deployments change at the same time, it sometimes (observed with 4.25) takes old
// pods for updated ones, or the Deployment for complete before its controller has observed the change.
// pulumi-kubernetes#2943 was to end that for Deployments, as #4094 did for StatefulSets. Remove this wait when `make test-e2e`
// passes without it, with a plugin that compares the observed generation with the one that the update returned.
func (t target) confirm(ctx context.Context, client *rest.Config, changed bool, limit time.Duration, report func(progress string)) error {
	apps, err := appsv1client.NewForConfig(client)
	if err != nil {
		return fmt.Errorf("client of the cluster: %w", err)
	}
	var progress string
	err = wait.PollUntilContextTimeout(ctx, 500*time.Millisecond, limit, true, func(context.Context) (bool, error) {
		now, err := t.remaining(ctx, apps, changed)
		if now != "" && now != progress {
			report(now)
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
	why, unexplained := t.explainWithLimit(ctx, client)
	if why == "" {
		why = t.String() + " did not come up"
	}
	return errors.Join(fmt.Errorf("%s\nafter %v: %s", why, limit, progress), unexplained)
}

// errRemoved is the error for a Deployment that the state contains and this update does not change: the engine has not
// checked whether it exists.
var errRemoved = errors.New("was removed by hand: `pulumi up --refresh` creates it again")

// remaining reads the Deployment. It treats an unreachable API server as temporary.
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
		return "reading the Deployment: " + err.Error(), nil
	}
}

// remaining returns what a rollout lacks by the criteria of `kubectl rollout status`; empty if it is complete. If this
// update does not change the Deployment, pods that became unavailable after an earlier complete rollout are ignored.
func remaining(d *appsv1.Deployment, changed bool) string {
	replicas := int32(1)
	if d.Spec.Replicas != nil {
		replicas = *d.Spec.Replicas
	}
	switch s := d.Status; {
	case s.ObservedGeneration < d.Generation:
		return "waiting for its controller to observe the change"
	case s.UpdatedReplicas < replicas:
		return fmt.Sprintf("%d of %d pods updated", s.UpdatedReplicas, replicas)
	case s.Replicas > s.UpdatedReplicas:
		return plural.Of(s.Replicas-s.UpdatedReplicas, "old pod") + " still terminating"
	case s.AvailableReplicas < s.UpdatedReplicas && (changed || !wasComplete(s)):
		return fmt.Sprintf("%d of %d updated pods are available", s.AvailableReplicas, s.UpdatedReplicas)
	}
	return ""
}

// wasComplete returns whether all pods of the latest version have been available at the same time.
func wasComplete(s appsv1.DeploymentStatus) bool {
	return slices.ContainsFunc(s.Conditions, func(c appsv1.DeploymentCondition) bool {
		return c.Type == appsv1.DeploymentProgressing && c.Reason == "NewReplicaSetAvailable"
	})
}
