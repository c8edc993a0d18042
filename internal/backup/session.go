package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"

	"hankki/internal/cluster"
)

// sessionLimit is the time after which Kubernetes ends a session: a restore or a copy takes longer than the dump, and the session of a
// killed command must end.
const sessionLimit = 6 * time.Hour

// endLimit bounds the deletion of the session's Job, also after an interrupt.
const endLimit = 20 * time.Second

// session is a running pod with the dumps, in which commands of the script run.
type session struct {
	site
	job, pod  cluster.Object
	container string
	script    []string // command of the CronJob's container
}

// begin starts a pod of the CronJob's template that waits for commands. The caller must call end.
func (s site) begin(ctx context.Context) (*session, error) {
	job := s.newJob("dumps")
	once, finished := int32(0), int32(60)
	job.Spec.BackoffLimit, job.Spec.TTLSecondsAfterFinished = &once, &finished
	if len(job.Spec.Template.Spec.Containers) == 0 {
		return nil, fmt.Errorf("CronJob %s/%s has no container: run `pulumi up`", s.cronJob.Namespace, s.cronJob.Name)
	}
	container := &job.Spec.Template.Spec.Containers[0]
	deadline := int64(sessionLimit.Seconds())
	job.Spec.ActiveDeadlineSeconds = &deadline
	container.Args = []string{"wait", strconv.FormatInt(deadline, 10)}
	created, err := s.create(ctx, job)
	if err != nil {
		return nil, err
	}
	in := &session{site: s, job: created, container: container.Name, script: container.Command}
	err = s.await(ctx, created, func(pod corev1.Pod) (bool, error) {
		in.pod = cluster.Object{Kind: cluster.PodKind, Namespace: pod.Namespace, Name: pod.Name}
		if pod.Status.Phase == corev1.PodFailed || pod.Status.Phase == corev1.PodSucceeded {
			return true, fmt.Errorf("%s ended: %s", in.pod, lastMessage(pod))
		}
		return pod.Status.Phase == corev1.PodRunning, nil
	})
	if err != nil {
		return nil, errors.Join(err, in.end(ctx))
	}
	return in, nil
}

// end deletes the pod.
func (s *session) end(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endLimit)
	defer cancel()
	return s.remove(ctx, s.job)
}

// run runs a command of the script.
func (s *session) run(ctx context.Context, stdin io.Reader, stdout io.Writer, command ...string) error {
	return s.exec(ctx, s.pod, s.container, slices.Concat(s.script, command), stdin, stdout)
}

// list returns the dumps, the newest first. Damaged descriptions are warnings in the log.
func (s *session) list(ctx context.Context) ([]Dump, error) {
	var lines bytes.Buffer
	if err := s.run(ctx, nil, &lines, "list"); err != nil {
		return nil, fmt.Errorf("listing the dumps: %w", err)
	}
	return parseAll(lines.Bytes(), s.log), nil
}

// within runs work in a session.
func (s site) within(ctx context.Context, work func(*session) error) error {
	in, err := s.begin(ctx)
	if err != nil {
		return err
	}
	return errors.Join(work(in), in.end(ctx))
}
