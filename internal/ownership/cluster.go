package ownership

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"

	"hankki/internal/state"
)

// ClusterStashName is the Pulumi name of the Stash with the UID of the stack's cluster.
const ClusterStashName = "cluster"

// ClusterUID returns the identity of a cluster: the UID of its namespace kube-system, which is created with the
// cluster and can't be deleted. Kubernetes has no other cluster identity.
func ClusterUID(ctx context.Context, client *rest.Config) (string, error) {
	api, err := metadata.NewForConfig(client)
	if err != nil {
		return "", fmt.Errorf("the cluster at %s: %w", client.Host, err)
	}
	namespace, err := api.Resource(corev1.SchemeGroupVersion.WithResource("namespaces")).Get(ctx, metav1.NamespaceSystem, metav1.GetOptions{})
	if err != nil {
		return "", fmt.Errorf("reading the identity of the cluster at %s, the UID of the namespace kube-system: %w; grant `get` on that namespace", client.Host, err)
	}
	return string(namespace.UID), nil
}

// CheckCluster compares the current cluster with the one that the stack was deployed to.
func CheckCluster(uid, host string, has state.State) error {
	known, urn := has.Stashed(ClusterStashName)
	if known == "" || known == uid {
		return nil
	}
	return fmt.Errorf("the cluster at %s (%s) is not the one that the stack was deployed to (%s): select that cluster with KUBECONFIG or hankki:kubeContext; "+
		"or, if the stack really moved here, `pulumi state delete '%s'` and then `pulumi up --refresh`", host, uid, known, urn)
}
