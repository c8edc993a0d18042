package preflight

import (
	"context"
	"errors"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	coreclient "k8s.io/client-go/kubernetes/typed/core/v1"
	storageclient "k8s.io/client-go/kubernetes/typed/storage/v1"
	"k8s.io/client-go/rest"

	"hankki/internal/config"
)

// isDefault is Kubernetes' annotation of the default StorageClass.
const isDefault = "storageclass.kubernetes.io/is-default-class"

// volume is a volume that the stack requests.
type volume struct {
	key   string // of the configuration
	claim string // name of its PersistentVolumeClaim
	// deployment is the Deployment that mounts it; empty: only Jobs do.
	deployment string
	want       config.Volume
}

func volumesOf(c *config.Config) (volumes []volume) {
	if c.Redis.Persistence.Enabled {
		volumes = append(volumes, volume{"redis.persistence", "redis", "redis", c.Redis.Persistence.Volume})
	}
	if c.Database.Embedded {
		volumes = append(volumes, volume{"database.volume", "postgres", "postgres", c.Database.Volume})
	}
	if c.Backup.Enabled && c.Backup.Volume != (config.Volume{}) {
		volumes = append(volumes, volume{"backup.volume", "backup", "", c.Backup.Volume})
	}
	return volumes
}

// storage checks that the cluster can provide each volume, or change the existing one. Otherwise a pod would wait for
// its volume until rolloutTimeout, or the API server would reject the change in the middle of an up.
func storage(ctx context.Context, c *config.Config, client *rest.Config) error {
	volumes := volumesOf(c)
	if len(volumes) == 0 {
		return nil
	}
	storageAPI, err := storageclient.NewForConfig(client)
	if err != nil {
		return fmt.Errorf("kubeContext %q: %w", c.KubeContext, err)
	}
	core, err := coreclient.NewForConfig(client)
	if err != nil {
		return fmt.Errorf("kubeContext %q: %w", c.KubeContext, err)
	}
	classes, err := storageAPI.StorageClasses().List(ctx, metav1.ListOptions{})
	if apierrors.IsForbidden(err) {
		classes = nil // permission to create claims does not include listing classes
	} else if err != nil {
		return fmt.Errorf("kubeContext %q: the cluster at %s did not list its StorageClasses: %w", c.KubeContext, client.Host, err)
	}
	var errs []error
	for _, v := range volumes {
		claim, err := core.PersistentVolumeClaims(c.Namespace).Get(ctx, v.claim, metav1.GetOptions{})
		switch {
		case apierrors.IsNotFound(err):
			errs = append(errs, v.missingClass(classes, client.Host))
		case err != nil:
			errs = append(errs, fmt.Errorf("%s: the cluster at %s did not return PersistentVolumeClaim %s/%s, so whether it can be changed is unknown: %w; the user of the kubeconfig needs the verb get",
				v.key, client.Host, c.Namespace, v.claim, err))
		default:
			errs = append(errs, v.changes(claim, classes)...)
		}
	}
	return errors.Join(errs...)
}

// missingClass rejects a new volume of a class that the cluster lacks. Nil classes are unknown.
func (v volume) missingClass(classes *storagev1.StorageClassList, host string) error {
	class := v.want.StorageClass
	if classes == nil || slices.ContainsFunc(classes.Items, func(c storagev1.StorageClass) bool {
		return c.Name == class || class == "" && c.Annotations[isDefault] == "true"
	}) {
		return nil
	}
	lack := "no such StorageClass"
	if class == "" {
		lack = "no default StorageClass"
	}
	return fmt.Errorf("%s.storageClass %q: the cluster at %s has %s: set one of `kubectl get storageclass`, or install a provisioner",
		v.key, class, host, lack)
}

// changes rejects changes of an existing claim that Kubernetes can't make.
func (v volume) changes(claim *corev1.PersistentVolumeClaim, classes *storagev1.StorageClassList) (errs []error) {
	if reason := v.otherClass(claim); reason != "" {
		errs = append(errs, fmt.Errorf("%s.storageClass %q: %s; set it to %[4]q, or %s", v.key, v.want.StorageClass, reason, classOf(claim), v.startEmpty(claim)))
	}
	if reason := v.otherSize(claim, classes); reason != "" {
		errs = append(errs, fmt.Errorf("%s.size %s: %s, or %s", v.key, v.want.Size, reason, v.startEmpty(claim)))
	}
	return errs
}

// startEmpty is the solution that loses the data.
func (v volume) startEmpty(claim *corev1.PersistentVolumeClaim) string {
	stop := ""
	if v.deployment != "" {
		stop = fmt.Sprintf("`kubectl -n %s scale deployment %s --replicas=0`, ", claim.Namespace, v.deployment)
	}
	return fmt.Sprintf("start with an empty volume: save the data, %s`kubectl -n %s delete pvc %s`, `pulumi up --refresh`", stop, claim.Namespace, claim.Name)
}
