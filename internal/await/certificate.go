package await

import (
	"context"
	"fmt"
	"time"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/wait"

	"hankki/internal/certificate"
	"hankki/internal/kubeconfig"
)

// certificateStatus contains the fields of cert-manager's Certificate that this package reads.
type certificateStatus struct {
	Metadata struct {
		Namespace, Name string
		Generation      int64
	}
	Status struct {
		NotAfter, RenewalTime time.Time
		Conditions            []struct {
			Type, Status, Message string
			ObservedGeneration    int64
		}
	}
}

// Issued resolves to true once cert-manager has issued the Certificate. After the time limit it fails with the cause. It
// logs a warning if the certificate expires soon and its renewal is overdue. Does nothing in a preview.
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
		c, err := issued(w.ctx.Context(), client, *metadata.Namespace, *metadata.Name, w.limit)
		if err != nil {
			return false, err
		}
		if warning := c.overdue(time.Now()); warning != "" {
			err = w.ctx.Log.Warn(warning, nil)
		}
		return err == nil, err //nolint:wrapcheck // the engine has exited
	}).(pulumi.BoolOutput)
}

func issued(ctx context.Context, client kubeconfig.Client, namespace, name string, limit time.Duration) (c certificateStatus, err error) {
	lacks := "cert-manager has not processed it"
	err = wait.PollUntilContextTimeout(ctx, 500*time.Millisecond, limit, true, func(context.Context) (bool, error) {
		c, lacks = lacking(ctx, client, namespace, name) // not bound by the limit, so that the last state is reported
		return lacks == "", nil
	})
	if err != nil {
		return c, fmt.Errorf("cert-manager did not issue the certificate %s/%s in %v: %s; see `kubectl -n %[1]s describe certificate,certificaterequest`", namespace, name, limit, lacks)
	}
	return c, nil
}

// lacking reads the Certificate. It treats an unreachable API server as temporary.
func lacking(ctx context.Context, client kubeconfig.Client, namespace, name string) (c certificateStatus, lacks string) {
	if err := client.Get(ctx, "/apis/cert-manager.io/v1/namespaces/"+namespace+"/certificates/"+name, &c); err != nil {
		return c, err.Error()
	}
	return c, c.lacks()
}

// overdue returns a warning if cert-manager should have renewed the certificate and it expires soon; otherwise it is
// empty. Expiry alone does not count: a certificate valid for a few days always expires soon.
func (c certificateStatus) overdue(now time.Time) string {
	soon := certificate.ExpiryWarning(c.Status.NotAfter, now)
	if soon == "" || c.Status.RenewalTime.After(now) {
		return ""
	}
	return fmt.Sprintf("cert-manager's certificate %s/%s %s; its renewal was due on %s: see `kubectl -n %[1]s describe certificate,certificaterequest`",
		c.Metadata.Namespace, c.Metadata.Name, soon, c.Status.RenewalTime.UTC().Format(time.DateOnly))
}

// lacks returns why the Certificate is not ready; empty if it is ready.
func (c certificateStatus) lacks() string {
	printed := "cert-manager has not processed it"
	for _, condition := range c.Status.Conditions {
		switch {
		case condition.ObservedGeneration < c.Metadata.Generation:
		case condition.Type == "Ready" && condition.Status == "True":
			return ""
		case condition.Message != "":
			printed = condition.Message
		}
	}
	return printed
}
