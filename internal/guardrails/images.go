package guardrails

import (
	"slices"

	"github.com/google/go-containerregistry/pkg/name"
	corev1 "k8s.io/api/core/v1"

	"hankki/internal/manifest"
)

// imagesWithoutDigest finds images referenced by tag, because a tag can be moved to another image. Images that are
// not built yet have no reference yet.
func imagesWithoutDigest(c Change) ([]Violation, error) {
	var found []Violation
	for _, r := range c.After {
		w, ok, err := manifest.WorkloadOf(r)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		for _, container := range containers(w.Template.Spec) {
			if _, err := name.NewDigest(container.Image); err != nil && container.Image != "" {
				v := violation(r, "the image %s of container %s has no digest", container.Image, container.Name)
				v.container = container.Name
				found = append(found, v)
			}
		}
	}
	return found, nil
}

// containers returns all containers of a pod, including init containers.
func containers(pod corev1.PodSpec) []corev1.Container {
	return slices.Concat(pod.InitContainers, pod.Containers)
}
