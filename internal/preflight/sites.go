package preflight

import (
	"context"
	"errors"
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"hankki/internal/config"
	"hankki/internal/kubeconfig"
)

// Sites rejects an update of the platform that would withdraw the rights in the namespace of a deployed site: no stack could
// change or destroy the site any more.
func Sites(ctx context.Context, c *config.Config, client *rest.Config, stack Stack) error {
	if c.Role != config.RolePlatform {
		return nil
	}
	api, err := kubeconfig.NewClient(client, timeout)
	if err != nil {
		return fmt.Errorf("kubeContext %q: %w", c.KubeContext, err)
	}
	namespaces, err := kubeconfig.List[corev1.Namespace](ctx, api, "/api/v1/namespaces")
	if err != nil {
		return fmt.Errorf("kubeContext %q: the cluster at %s did not list its namespaces: %w", c.KubeContext, client.Host, err)
	}
	var errs []error
	for _, n := range namespaces {
		kept := n.Name == c.MetalLB.Namespace || slices.ContainsFunc(c.Sites, func(s config.Site) bool { return s.Namespace == n.Name })
		if kept || !stack.Has("Namespace", metav1.ObjectMeta{Name: n.Name}) {
			continue
		}
		deployments, err := kubeconfig.List[appsv1.Deployment](ctx, api, "/apis/apps/v1/namespaces/"+n.Name+"/deployments")
		if err != nil {
			errs = append(errs, fmt.Errorf("kubeContext %q: the cluster at %s did not list the Deployments of the namespace %s: %w", c.KubeContext, client.Host, n.Name, err))
		}
		if len(deployments) > 0 {
			errs = append(errs, fmt.Errorf("sites no longer names the namespace %s, but Deployment %s/%s runs in it, and its deployer would lose its rights: destroy the stack of that site first, or restore hankki:sites",
				n.Name, n.Name, deployments[0].Name))
		}
	}
	return errors.Join(errs...)
}
