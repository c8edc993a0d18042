// Package kubeconfig finds the way to the cluster as kubectl does: KUBECONFIG, then the home folder.
package kubeconfig

import (
	"fmt"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// Load reads the context of that name, or the current one if it is empty. Nobody is asked yet whether it leads anywhere.
func Load(context string) (*rest.Config, error) {
	loaded := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(clientcmd.NewDefaultClientConfigLoadingRules(),
		&clientcmd.ConfigOverrides{CurrentContext: context})
	client, err := loaded.ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("kubeContext %q does not lead to a cluster: %w; set KUBECONFIG or hankki:kubeContext", context, err)
	}
	client.QPS = -1 // no limit of the client's own: the checks before an up ask for all objects at once
	return client, nil
}
