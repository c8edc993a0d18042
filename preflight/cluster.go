package preflight

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/tools/clientcmd"

	"hankki/config"
)

// cluster finds the API server as kubectl does (KUBECONFIG, then the home folder) and asks it for its version.
func cluster(ctx context.Context, c *config.Config) error {
	loaded := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(clientcmd.NewDefaultClientConfigLoadingRules(),
		&clientcmd.ConfigOverrides{CurrentContext: c.KubeContext})
	client, err := loaded.ClientConfig()
	if err != nil {
		return fmt.Errorf("kubeContext %q does not lead to a cluster: %w; set KUBECONFIG or hankki:kubeContext", c.KubeContext, err)
	}
	client.Timeout = timeout
	api, err := discovery.NewDiscoveryClientForConfig(client)
	if err != nil {
		return fmt.Errorf("kubeContext %q: %w", c.KubeContext, err)
	}
	err = api.RESTClient().Get().AbsPath("/version").Do(ctx).Error()
	if apierrors.IsUnauthorized(err) || apierrors.IsForbidden(err) {
		return fmt.Errorf("kubeContext %q: the cluster at %s refuses the user of the kubeconfig: %w; renew its credentials, or choose another by KUBECONFIG or hankki:kubeContext",
			c.KubeContext, client.Host, err)
	}
	if err != nil {
		return fmt.Errorf("kubeContext %q: the cluster at %s does not answer: %w; start it, or choose another by KUBECONFIG or hankki:kubeContext",
			c.KubeContext, client.Host, err)
	}
	return nil
}
