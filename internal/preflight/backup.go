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

// backup rejects a missing claim of the backups. Their Jobs would wait for it until their deadline.
func backup(ctx context.Context, c *config.Config, client *rest.Config) error {
	name := c.Backup.ClaimName
	if !c.Backup.Enabled || name == "" {
		return nil
	}
	core, err := coreclient.NewForConfig(client)
	if err != nil {
		return fmt.Errorf("kubeContext %q: %w", c.KubeContext, err)
	}
	_, err = core.PersistentVolumeClaims(c.Namespace).Get(ctx, name, metav1.GetOptions{})
	switch {
	case apierrors.IsNotFound(err):
		return fmt.Errorf("backup.claimName %s: the cluster at %s has no such PersistentVolumeClaim in the namespace %s: create it there first (if you create the namespace for it, run `make adopt`), or set backup.volume.size instead",
			name, client.Host, c.Namespace)
	case err != nil:
		return fmt.Errorf("backup.claimName %s: the cluster at %s did not return the PersistentVolumeClaim: %w; the user of the kubeconfig needs the verb get", name, client.Host, err)
	default:
		return nil
	}
}
