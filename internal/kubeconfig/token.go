package kubeconfig

import (
	"fmt"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// WithToken returns a kubeconfig for the same API server as client, with the token of a ServiceAccount instead of client's
// credentials. name is the name of its only context, whose default namespace is namespace.
func WithToken(client *rest.Config, name, namespace, token string) (string, error) {
	client = rest.CopyConfig(client)
	if err := rest.LoadTLSFiles(client); err != nil {
		return "", fmt.Errorf("certificate authority of the cluster at %s: %w", client.Host, err)
	}
	text, err := clientcmd.Write(api.Config{
		Clusters: map[string]*api.Cluster{name: {
			Server: client.Host, TLSServerName: client.ServerName, InsecureSkipTLSVerify: client.Insecure, CertificateAuthorityData: client.CAData,
		}},
		AuthInfos:      map[string]*api.AuthInfo{name: {Token: token}},
		Contexts:       map[string]*api.Context{name: {Cluster: name, AuthInfo: name, Namespace: namespace}},
		CurrentContext: name,
	})
	if err != nil {
		return "", fmt.Errorf("kubeconfig of %s: %w", name, err)
	}
	return string(text), nil
}
