package preflight

import (
	"context"
	"errors"
	"fmt"

	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	storageclient "k8s.io/client-go/kubernetes/typed/storage/v1"
	"k8s.io/client-go/rest"

	"hankki/config"
)

// isDefault is Kubernetes' annotation of the class for claims that name none.
const isDefault = "storageclass.kubernetes.io/is-default-class"

// storage looks for the classes that volumes are made by; a pod would wait for its volume until rolloutTimeout.
func storage(ctx context.Context, c *config.Config, client *rest.Config) error {
	wanted := map[string]string{} // class by key
	if c.Redis.Persistence.Enabled {
		wanted["redis.persistence"] = c.Redis.Persistence.StorageClass
	}
	if c.Database.Embedded {
		wanted["database.volume"] = c.Database.Volume.StorageClass
	}
	if len(wanted) == 0 {
		return nil
	}
	api, err := storageclient.NewForConfig(client)
	if err != nil {
		return fmt.Errorf("kubeContext %q: %w", c.KubeContext, err)
	}
	classes, err := api.StorageClasses().List(ctx, metav1.ListOptions{})
	if apierrors.IsForbidden(err) {
		return nil // who may make a claim need not be allowed to look
	}
	if err != nil {
		return fmt.Errorf("kubeContext %q: the cluster at %s does not say which StorageClasses it has: %w", c.KubeContext, client.Host, err)
	}
	var errs []error
	for key, class := range wanted {
		if !offers(classes, class) {
			errs = append(errs, fmt.Errorf("%s.storageClass %q: the cluster at %s has %s: name one of `kubectl get storageclass`, or install what provides volumes",
				key, class, client.Host, missing(class)))
		}
	}
	return errors.Join(errs...)
}

func offers(classes *storagev1.StorageClassList, class string) bool {
	for _, c := range classes.Items {
		if c.Name == class || class == "" && c.Annotations[isDefault] == "true" {
			return true
		}
	}
	return false
}

func missing(class string) string {
	if class == "" {
		return "no default StorageClass"
	}
	return "no such StorageClass"
}
