package components

import (
	"fmt"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Volume describes a PersistentVolumeClaim.
type Volume struct {
	Size         string // e.g. 1Gi
	StorageClass string // empty: the cluster's default
}

// WrittenByAnnotation is the annotation of a PersistentVolumeClaim with the image that wrote its data. The claim outlives the stack.
const WrittenByAnnotation = "hankki/written-by"

// addVolume mounts a claim that outlives the pods and the stack: neither destroy nor replacement deletes it. Only one node at a
// time may write to it, so addVolume sets exclusive. writtenBy is the image that wrote the data, if other versions cannot read
// them; it may be empty.
func (w *workload) addVolume(ctx *pulumi.Context, name, path, writtenBy string, v Volume, opts ...pulumi.ResourceOption) (*corev1.PersistentVolumeClaim, error) {
	meta := w.metadata(name)
	// Many storage classes bind a volume only once a pod uses it, and the pod is created after the claim.
	annotations := pulumi.StringMap{skipAwait: pulumi.String("true")}
	if writtenBy != "" {
		annotations[WrittenByAnnotation] = pulumi.String(writtenBy)
	}
	meta.Annotations = annotations
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
	w.mountClaim(claim.Metadata.Name().Elem(), path)
	w.exclusive = true
	return claim, nil
}

// mountClaim mounts a claim.
func (w *workload) mountClaim(claim pulumi.StringInput, path string) {
	const volume = pulumi.String("data")
	w.volumes = append(w.volumes, corev1.VolumeArgs{Name: volume, PersistentVolumeClaim: corev1.PersistentVolumeClaimVolumeSourceArgs{ClaimName: claim}})
	w.mounts = append(w.mounts, corev1.VolumeMountArgs{Name: volume, MountPath: pulumi.String(path)})
}
