package backup

import (
	"context"
	"fmt"
	"io"

	corev1 "k8s.io/api/core/v1"

	"hankki/internal/stack"
)

// Take backs the database up now, as the CronJob does, and returns the new dump. A failed Job stays, like one of the CronJob.
func Take(ctx context.Context, s *stack.Stack, log io.Writer) (Dump, error) {
	site, err := open(ctx, s, log)
	if err != nil {
		return Dump{}, err
	}
	return site.take(ctx)
}

func (s site) take(ctx context.Context) (dump Dump, err error) {
	job := s.newJob(cronJobName + "-manual")
	// As `kubectl create job --from` does: the CronJob's controller records the success of a Job that it controls.
	controller, once := true, int32(0)
	job.OwnerReferences[0].Controller = &controller
	job.Annotations = map[string]string{"cronjob.kubernetes.io/instantiate": "manual"}
	job.Spec.BackoffLimit = &once // an operator waits: the first failure is reported
	created, err := s.create(ctx, job)
	if err != nil {
		return Dump{}, err
	}
	fmt.Fprintf(s.log, "%s dumps the database\n", created)
	err = s.await(ctx, created, func(pod corev1.Pod) (bool, error) {
		switch pod.Status.Phase {
		case corev1.PodSucceeded:
			dump, err = parse([]byte(lastMessage(pod)))
			return true, err
		case corev1.PodFailed:
			return true, fmt.Errorf("the backup failed: %s", lastMessage(pod))
		default:
			return false, nil
		}
	})
	return dump, err
}
