package rollback

import (
	"context"
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"

	"hankki/internal/cluster"
	"hankki/internal/config"
	"hankki/internal/history"
	"hankki/internal/manifest"
	"hankki/internal/release"
	"hankki/internal/stack"
)

// withKilled adds the update that a local backend does not list, because its process was killed: the state then has other images
// than the newest release. used are the images in images.use. If a release has them, that update was the rollback to it.
func withKilled(updates []history.Update, state *stack.State, used map[string]string) []history.Update {
	built := state.ImagesByName()
	if len(updates) == 0 || updates[0].Images == nil || len(built) == 0 || maps.Equal(built, updates[0].Images) {
		return updates
	}
	killed := history.Update{Result: "killed"}
	for _, u := range updates {
		if u.Images != nil && maps.Equal(u.Images, used) {
			killed.Message = message(u.Version)
			break
		}
	}
	return append([]history.Update{killed}, updates...)
}

// withMigration adds what the migration Job of a newest update without success reported. Its migrations stay, although the update
// is no release.
func withMigration(ctx context.Context, updates []history.Update, s *stack.Stack, state *stack.State) ([]history.Update, error) {
	if len(updates) == 0 || updates[0].Result == history.Succeeded {
		return updates, nil
	}
	for _, o := range state.Objects() {
		if o.Kind.Kind != "Job" {
			continue
		}
		client, err := s.Connect(ctx, state, nil)
		if err != nil {
			return nil, fmt.Errorf("reading what the failed update migrated: %w", err)
		}
		if updates[0].Schema, err = reported(ctx, client, o); err != nil {
			return nil, fmt.Errorf("reading what the failed update migrated: %w", err)
		}
		return updates, nil
	}
	return updates, nil
}

// reported returns the schema that a migration Job has reported; the zero value if none of its pods has succeeded.
func reported(ctx context.Context, client *cluster.Client, job cluster.Object) (release.Schema, error) {
	pods, err := client.Selected(ctx, cluster.PodKind, job.Namespace, "batch.kubernetes.io/job-name="+job.Name)
	if err != nil {
		return release.Schema{}, err
	}
	for _, object := range pods {
		pod, err := manifest.Decode[corev1.Pod](object.Object)
		if err != nil {
			return release.Schema{}, err
		}
		for _, container := range pod.Status.ContainerStatuses {
			if ended := container.State.Terminated; ended != nil && ended.ExitCode == 0 {
				return release.ParseSchema(ended.Message)
			}
		}
	}
	return release.Schema{}, nil
}

// inUse returns the images of images.use by name; empty if the stack builds its images.
func inUse(c *config.Config) map[string]string {
	all := map[string]string{}
	for _, image := range config.ImageNames {
		if ref := c.Images.Use.Of(image); ref != "" {
			all[image] = ref
		}
	}
	return all
}
