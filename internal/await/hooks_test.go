package await

import (
	"testing"
	"time"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	kube "k8s.io/api/apps/v1"
	"k8s.io/client-go/rest"

	"hankki/internal/stacktest"
)

// confirmed returns the error of an up that waits for its Deployment, which it has changed or not.
func confirmed(changed bool, w *Watch, options ...pulumi.RunOption) error {
	return pulumi.RunErr(func(ctx *pulumi.Context) error {
		w.ctx = ctx
		d, err := appsv1.NewDeployment(ctx, "backend", &appsv1.DeploymentArgs{
			Metadata: metav1.ObjectMetaArgs{Name: pulumi.String("backend"), Namespace: pulumi.String("hankki")},
			Spec: appsv1.DeploymentSpecArgs{
				Selector: metav1.LabelSelectorArgs{MatchLabels: pulumi.StringMap{"app": pulumi.String("backend")}},
				Template: corev1.PodTemplateSpecArgs{},
			},
		})
		if err != nil {
			return err
		}
		noted := d.URN().ApplyT(func(urn pulumi.URN) (pulumi.URN, error) {
			if !changed {
				return urn, nil
			}
			return urn, w.note(&pulumi.ResourceHookArgs{URN: urn})
		})
		ctx.Export("rolledOut", pulumi.All(noted).ApplyT(func([]any) pulumi.BoolOutput { return w.RolledOut(d) }))
		return nil
	}, append(options, pulumi.WithMocks("hankki", "test", stacktest.Engine{}))...)
}

// A preview reports changes; it does not check pods.
func TestPreviewMakesNoRequests(t *testing.T) {
	if err := confirmed(true, &Watch{}, stacktest.Preview); err != nil {
		t.Error(err)
	}
}

func TestDeploymentsAreConfirmed(t *testing.T) {
	pending, done, lost := status(7, 3, 1, 2), status(7, 2, 2, 2), status(7, 2, 2, 1)
	lost.Conditions = []kube.DeploymentCondition{{Type: kube.DeploymentProgressing, Reason: "NewReplicaSetAvailable"}}
	for _, row := range []struct {
		name    string
		changed bool
		watch   *Watch
		want    []string // in the error; nil: no error
	}{
		{"rolled out", true, &Watch{client: cluster(t, pending, done), limit: time.Minute}, nil},
		{"not rolled out", true, &Watch{client: cluster(t, pending), limit: time.Second}, []string{"no node is free"}},
		{"not rolled out by an earlier up", false, &Watch{client: cluster(t, pending), limit: time.Second}, []string{"no node is free"}},
		{"updated pods not available", true, &Watch{client: cluster(t, lost), limit: time.Second}, []string{"1 of 2 updated pods are available"}},
		{"unchanged, one pod unavailable", false, &Watch{client: cluster(t, lost), limit: time.Second}, nil},
		{"unchanged, removed by hand", false, &Watch{client: cluster(t), limit: time.Second}, []string{"Deployment backend in namespace hankki was removed by hand: `pulumi up --refresh`"}},
		{"removed by hand after the update", true, &Watch{client: cluster(t), limit: time.Second}, []string{"could not find"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			stacktest.CheckError(t, confirmed(row.changed, row.watch), row.want...)
		})
	}
}

// If the cluster does not respond, the failure has no cause, but there is no second failure.
func TestUnreachableClusterCausesNoSecondFailure(t *testing.T) {
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		w, err := NewWatch(ctx, &rest.Config{Host: "http://127.0.0.1:1"}, time.Minute, false)
		if err != nil {
			return err
		}
		retry, err := w.onFailure.Callback(deployment("backend"))
		if retry {
			t.Error("the operation is tried again")
		}
		return err
	}, pulumi.WithMocks("hankki", "test", stacktest.Engine{}))
	if err != nil {
		t.Fatal(err)
	}
}
