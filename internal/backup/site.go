package backup

import (
	"context"
	"fmt"
	"io"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"hankki/internal/cluster"
	"hankki/internal/stack"
)

// cronJobName is the name of the stack's CronJob (components.BackupName).
const cronJobName = "backup"

// startLimit is the time in which a pod must start. An image may have to be pulled.
const startLimit = 5 * time.Minute

// site is a deployed stack with backups.
type site struct {
	client  *cluster.Client
	cronJob batchv1.CronJob
	exec    exec
	log     io.Writer
	poll    time.Duration // between two looks at a Job
}

// exec runs a command in the container of a pod.
type exec func(ctx context.Context, pod cluster.Object, container string, command []string, stdin io.Reader, stdout io.Writer) error

// open finds the stack's CronJob in the cluster.
func open(ctx context.Context, s *stack.Stack, log io.Writer) (site, error) {
	state, client, err := s.Deployed(ctx)
	if err != nil {
		return site{}, err
	}
	for _, o := range state.Objects() {
		if !o.Is("batch", "CronJob") || o.Name != cronJobName {
			continue
		}
		live, err := client.Get(ctx, o)
		if err != nil {
			return site{}, fmt.Errorf("%w; `pulumi up --refresh` creates it again", err)
		}
		c, err := cluster.Decode[batchv1.CronJob](live)
		return site{client: client, cronJob: c, exec: client.Exec, log: log, poll: time.Second}, err
	}
	return site{}, fmt.Errorf("stack %s has no backups: set hankki:backup (enabled true, and volume, claimName or s3) and run `pulumi up --stack %[1]s`", s.Name())
}

// variable returns a variable of the CronJob's container; empty if it has none of that name.
func (s site) variable(name string) string {
	for _, container := range s.cronJob.Spec.JobTemplate.Spec.Template.Spec.Containers {
		for _, v := range container.Env {
			if v.Name == name {
				return v.Value
			}
		}
	}
	return ""
}

// encode converts an object for the dynamic client.
func encode(typed any) (*unstructured.Unstructured, error) {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
	if err != nil {
		return nil, fmt.Errorf("encoding an object: %w", err)
	}
	return &unstructured.Unstructured{Object: content}, nil
}
