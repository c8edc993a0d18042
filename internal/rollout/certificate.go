package rollout

import (
	"context"
	"fmt"
	"time"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/wait"

	"hankki/internal/kubeconfig"
)

// certificateStatus is what is read of cert-manager's Certificate.
type certificateStatus struct {
	Metadata struct{ Generation int64 }
	Status   struct {
		Conditions []struct {
			Type, Status, Message string
			ObservedGeneration    int64
		}
	}
}

// Issued resolves to true once cert-manager has issued the Certificate; if that takes too long it is an error that says why. A
// preview asks nobody.
func (w *Watch) Issued(c *apiextensions.CustomResource) pulumi.BoolOutput {
	return pulumi.All(c.URN(), c.Metadata).ApplyT(func(all []any) (bool, error) {
		metadata := all[1].(*metav1.ObjectMeta)
		if w.ctx.DryRun() {
			return true, nil
		}
		client, err := kubeconfig.NewClient(w.client, timeout)
		if err != nil {
			return false, fmt.Errorf("certificate %s/%s: %w", *metadata.Namespace, *metadata.Name, err)
		}
		err = issued(w.ctx.Context(), client, *metadata.Namespace, *metadata.Name, w.limit)
		return err == nil, err
	}).(pulumi.BoolOutput)
}

func issued(ctx context.Context, client kubeconfig.Client, namespace, name string, limit time.Duration) error {
	lacks := "cert-manager has not looked at it"
	err := wait.PollUntilContextTimeout(ctx, 500*time.Millisecond, limit, true, func(ctx context.Context) (bool, error) {
		lacks = lacking(ctx, client, namespace, name)
		return lacks == "", nil
	})
	if err != nil {
		return fmt.Errorf("cert-manager did not issue the certificate %s/%s in %v: %s; see `kubectl -n %[1]s describe certificate,certificaterequest`", namespace, name, limit, lacks)
	}
	return nil
}

// lacking asks the cluster, and takes an API server that is away for one that comes back.
func lacking(ctx context.Context, client kubeconfig.Client, namespace, name string) string {
	var c certificateStatus
	if err := client.Get(ctx, "/apis/cert-manager.io/v1/namespaces/"+namespace+"/certificates/"+name, &c); err != nil {
		return err.Error()
	}
	return c.lacks()
}

// lacks is why it is not ready; empty: it is.
func (c certificateStatus) lacks() string {
	said := "cert-manager has not looked at it"
	for _, condition := range c.Status.Conditions {
		switch {
		case condition.ObservedGeneration < c.Metadata.Generation:
		case condition.Type == "Ready" && condition.Status == "True":
			return ""
		case condition.Message != "":
			said = condition.Message
		}
	}
	return said
}
