package preflight

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"

	"hankki/internal/config"
)

// cluster asks the API server for its version, then whether it knows what the stack needs, and lets its objects be inspected.
func cluster(ctx context.Context, c *config.Config, client *rest.Config, inspect func(context.Context) error) error {
	if client == nil {
		return nil
	}
	api, err := discovery.NewDiscoveryClientForConfig(client)
	if err != nil {
		return fmt.Errorf("kubeContext %q: the kubeconfig can't be used: %w; correct it, or choose another by KUBECONFIG or hankki:kubeContext", c.KubeContext, err)
	}
	err = api.RESTClient().Get().AbsPath("/version").Do(ctx).Error()
	if apierrors.IsUnauthorized(err) || apierrors.IsForbidden(err) {
		return fmt.Errorf("kubeContext %q: the cluster at %s refuses the user of the kubeconfig: %w; renew its credentials, or choose another by KUBECONFIG or hankki:kubeContext",
			c.KubeContext, client.Host, err)
	}
	if timedOut(err) {
		return Slow(fmt.Sprintf("kubeContext %q: asking the cluster at %s for its version", c.KubeContext, client.Host), err)
	}
	if err != nil {
		return fmt.Errorf("kubeContext %q: the cluster at %s does not answer: %s; start it, see to the credentials in the kubeconfig, or choose another by KUBECONFIG or hankki:kubeContext",
			c.KubeContext, client.Host, oneLine([]error{err})) // a credential plugin that is missing is told in six lines
	}
	slow := func(what string, err error) error {
		return Slow(fmt.Sprintf("kubeContext %q: asking the cluster at %s for %s", c.KubeContext, client.Host, what), err)
	}
	return sideBySide(
		func() error { return slow("volumes", storage(ctx, c, client)) },
		func() error { return slow("the Service of the database", database(ctx, c, client)) },
		func() error { return slow("the kinds of the Prometheus operator", monitoring(ctx, c, client, api)) },
		func() error { return slow("nodes", nodes(ctx, c, client.Host, api)) },
		func() error { return inspect(ctx) },
	)
}

// monitoring looks for the Prometheus operator's kinds, which are not ours to install.
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
		return fmt.Errorf("kubeContext %q: the cluster at %s does not say whether it knows monitoring.coreos.com/v1: %w", c.KubeContext, client.Host, err)
	}
	return nil
}
