package preflight

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"

	"hankki/internal/config"
)

// cluster reads the API server's version, then checks that it has the kinds that the site needs, and inspects its
// objects.
func cluster(ctx context.Context, c *config.Config, client *rest.Config, inspect func(context.Context) error) error {
	if client == nil {
		return nil
	}
	api, err := discovery.NewDiscoveryClientForConfig(client)
	if err != nil {
		return fmt.Errorf("kubeContext %q: the kubeconfig can't be used: %w; correct it, or choose another with KUBECONFIG or hankki:kubeContext", c.KubeContext, err)
	}
	err = api.RESTClient().Get().AbsPath("/version").Do(ctx).Error()
	if apierrors.IsUnauthorized(err) || apierrors.IsForbidden(err) {
		return fmt.Errorf("kubeContext %q: the cluster at %s rejects the user of the kubeconfig: %w; renew its credentials, or choose another with KUBECONFIG or hankki:kubeContext",
			c.KubeContext, client.Host, err)
	}
	if timedOut(err) {
		return Slow(fmt.Sprintf("kubeContext %q: reading the version of the cluster at %s", c.KubeContext, client.Host), err)
	}
	if err != nil {
		return fmt.Errorf("kubeContext %q: the cluster at %s does not respond: %s; start it, check the credentials in the kubeconfig, or choose another with KUBECONFIG or hankki:kubeContext",
			c.KubeContext, client.Host, oneLine([]error{err})) // a missing credential plugin is reported in six lines
	}
	if !c.HasSite() {
		return inspect(ctx)
	}
	slow := func(what string, err error) error {
		return Slow(fmt.Sprintf("kubeContext %q: reading %[3]s from the cluster at %[2]s", c.KubeContext, client.Host, what), err)
	}
	return concurrently(
		func() error { return slow("volumes", storage(ctx, c, client)) },
		func() error { return slow("the claim of the backups", backup(ctx, c, client)) },
		func() error { return slow("the Services of the database and of the bucket", services(ctx, c, client)) },
		func() error { return slow("the kinds of the Prometheus operator", monitoring(ctx, c, client, api)) },
		func() error { return slow("nodes", nodes(ctx, c, client.Host, api)) },
		func() error { return inspect(ctx) },
	)
}

// monitoring checks that the cluster has the Prometheus operator's kinds, which hankki does not install.
func monitoring(ctx context.Context, c *config.Config, client *rest.Config, api *discovery.DiscoveryClient) error {
	if !c.Monitoring.Enabled {
		return nil
	}
	err := api.RESTClient().Get().AbsPath("/apis/monitoring.coreos.com/v1").Do(ctx).Error()
	if apierrors.IsNotFound(err) {
		return fmt.Errorf("monitoring.enabled is true, but the cluster at %s does not know PodMonitor and PrometheusRule of monitoring.coreos.com/v1: install the Prometheus operator, or set monitoring.enabled false",
			client.Host)
	}
	if err != nil {
		return fmt.Errorf("kubeContext %q: the cluster at %s did not return the kinds of monitoring.coreos.com/v1: %w", c.KubeContext, client.Host, err)
	}
	return nil
}
