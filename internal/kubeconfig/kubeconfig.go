// Package kubeconfig loads the connection to the cluster as kubectl does: from KUBECONFIG or the home folder.
package kubeconfig

import (
	"fmt"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// Load reads the named context, or the current one if the name is empty. It sends no request.
func Load(context string) (*rest.Config, error) {
	loaded := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(clientcmd.NewDefaultClientConfigLoadingRules(),
		&clientcmd.ConfigOverrides{CurrentContext: context})
	client, err := loaded.ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("kubeContext %q is not usable: %w; set KUBECONFIG or hankki:kubeContext", context, err)
	}
	client.QPS = -1 // no client-side limit: the checks before an up read all objects at once
	return client, nil
}
