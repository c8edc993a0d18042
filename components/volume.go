package components

import (
	"fmt"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Volume is storage of the cluster.
type Volume struct {
	Size         string // e.g. 1Gi
	StorageClass string // empty: the cluster's default
}

// keep mounts a volume that outlives the pods and the stack: neither a destroy nor a replacement deletes its claim. One node
// at a time may write to it, so the pod is alone from here on.
func (w *workload) keep(ctx *pulumi.Context, name, path string, v Volume, opts ...pulumi.ResourceOption) (*corev1.PersistentVolumeClaim, error) {
	meta := w.metadata(name)
	// Many classes bind a volume only when its pod is there, and the pod comes after it.
	meta.Annotations = pulumi.StringMap{skipAwait: pulumi.String("true")}
	spec := corev1.PersistentVolumeClaimSpecArgs{
		AccessModes: pulumi.StringArray{pulumi.String("ReadWriteOnce")},
		Resources:   corev1.VolumeResourceRequirementsArgs{Requests: pulumi.StringMap{"storage": pulumi.String(v.Size)}},
	}
	if v.StorageClass != "" {
		spec.StorageClassName = pulumi.String(v.StorageClass)
	}
	claim, err := corev1.NewPersistentVolumeClaim(ctx, name, &corev1.PersistentVolumeClaimArgs{Metadata: meta, Spec: spec},
		append(slices.Clone(opts), retained)...)
	if err != nil {
		return nil, fmt.Errorf("volume claim %q: %w", name, err)
	}
	volume := pulumi.String("data")
	w.volumes = append(w.volumes, corev1.VolumeArgs{Name: volume, PersistentVolumeClaim: corev1.PersistentVolumeClaimVolumeSourceArgs{
		ClaimName: claim.Metadata.Name().Elem(),
	}})
	mounts, _ := w.container.VolumeMounts.(corev1.VolumeMountArray) // nil when the tier has none of its own
	mounts = append(mounts, corev1.VolumeMountArgs{Name: volume, MountPath: pulumi.String(path)})
	w.container.VolumeMounts = mounts
	w.alone = true
	return claim, nil
}
