package preflight

import (
	"context"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	utilversion "k8s.io/apimachinery/pkg/util/version"
	apiversion "k8s.io/apimachinery/pkg/version"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"

	"hankki/internal/config"
	"hankki/internal/kubeconfig"
)

// oldestKubernetes is the oldest supported version of the API server.
var oldestKubernetes = utilversion.MustParseGeneric("1.32")

// cluster checks the API server's version and the kinds that the site needs, and inspects the cluster's objects.
func cluster(ctx context.Context, c *config.Config, client *rest.Config, inspect func(context.Context) error) error {
	if client == nil {
		return nil
	}
	api, err := discovery.NewDiscoveryClientForConfig(client)
	if err != nil {
		return fmt.Errorf("kubeContext %q: the kubeconfig can't be used: %w; correct it, or choose another with KUBECONFIG or hankki:kubeContext", c.KubeContext, err)
	}
	var info apiversion.Info
	err = kubeconfig.Client{Interface: api.RESTClient()}.Get(ctx, "/version", &info)
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
	outdated := supported(c, client.Host, info.GitVersion)
	if !c.HasSite() {
		return errors.Join(outdated, inspect(ctx))
	}
	slow := func(what string, err error) error {
		return Slow(fmt.Sprintf("kubeContext %q: reading %[3]s from the cluster at %[2]s", c.KubeContext, client.Host, what), err)
	}
	return errors.Join(outdated, concurrently(
		func() error { return slow("volumes", storage(ctx, c, client)) },
		func() error { return slow("the claim of the backups", backup(ctx, c, client)) },
		func() error { return slow("the Services of the database and of the bucket", services(ctx, c, client)) },
		func() error { return slow("the kinds of the Prometheus operator", monitoring(ctx, c, client, api)) },
		func() error { return slow("nodes", nodes(ctx, c, client.Host, api)) },
		func() error { return inspect(ctx) },
	))
}

// supported checks the API server's version. A distribution's suffix, as in v1.33.1+k3s1, is ignored.
func supported(c *config.Config, host, version string) error {
	found, err := utilversion.ParseGeneric(version)
	if err != nil {
		return fmt.Errorf("kubeContext %q: the version of the cluster at %s can't be read: %w", c.KubeContext, host, err)
	}
	if found.LessThan(oldestKubernetes) {
		return fmt.Errorf("kubeContext %q: the cluster at %s has Kubernetes %s, and hankki needs %s or later: upgrade it, or choose another with KUBECONFIG or hankki:kubeContext",
			c.KubeContext, host, version, oldestKubernetes)
	}
	return nil
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
