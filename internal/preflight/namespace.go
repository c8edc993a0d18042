package preflight

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	coreclient "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"

	"hankki/internal/config"
)

// Namespace checks that the namespace of a stack with the role site exists, and that the user of the kubeconfig may deploy into
// it. Another stack creates it with the user's rights, so both are missing for the same reason.
func Namespace(ctx context.Context, c *config.Config, client *rest.Config) error {
	if c.Role != config.RoleSite {
		return nil
	}
	core, err := coreclient.NewForConfig(client)
	if err != nil {
		return fmt.Errorf("kubeContext %q: %w", c.KubeContext, err)
	}
	namespace, err := core.Namespaces().Get(ctx, c.Namespace, metav1.GetOptions{})
	const ways = "name the namespace of the site in hankki:sites of the platform's stack, deploy that stack, and use the kubeconfig of this site from its output kubeconfigs"
	switch {
	case apierrors.IsNotFound(err):
		return fmt.Errorf("namespace %q: the cluster at %s has no such namespace, and role is %q: %s", c.Namespace, client.Host, c.Role, ways)
	case apierrors.IsForbidden(err):
		return fmt.Errorf("namespace %q: the user of the kubeconfig has no rights in it: %s", c.Namespace, ways)
	case err != nil:
		return fmt.Errorf("namespace %q: the cluster at %s did not return it: %w", c.Namespace, client.Host, err)
	case namespace.DeletionTimestamp != nil:
		return fmt.Errorf("namespace %q is being deleted: wait until it is deleted, and deploy the platform's stack again", c.Namespace)
	default:
		return nil
	}
}
