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

// ClusterStashName is the Pulumi name of the Stash that keeps the UID of the stack's cluster.
const ClusterStashName = "cluster"

// ClusterUID is the identity of a cluster: the UID of its namespace kube-system, which is created with the cluster and
// can't be deleted. Kubernetes has no other.
func ClusterUID(ctx context.Context, client *rest.Config) (string, error) {
	api, err := metadata.NewForConfig(client)
	if err != nil {
		return "", fmt.Errorf("the cluster at %s: %w", client.Host, err)
	}
	namespace, err := api.Resource(corev1.SchemeGroupVersion.WithResource("namespaces")).Get(ctx, metav1.NamespaceSystem, metav1.GetOptions{})
	if err != nil {
		return "", fmt.Errorf("the cluster at %s does not tell its identity, the UID of the namespace kube-system: %w; grant `get` on that namespace", client.Host, err)
	}
	return string(namespace.UID), nil
}

// CheckCluster compares the cluster that answers with the one that the stack was deployed to.
func CheckCluster(uid, host string, has state.State) error {
	known, urn := has.Stashed(ClusterStashName)
	if known == "" || known == uid {
		return nil
	}
	return fmt.Errorf("the cluster at %s is another one (%s) than the stack was deployed to (%s): choose that one by KUBECONFIG or hankki:kubeContext; "+
		"or, if the stack really moved here, `pulumi state delete '%s'` and then `pulumi up --refresh`", host, uid, known, urn)
}
