package backup

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"hankki/internal/cluster"
)

// jobKind is the kind of the Jobs that the commands create.
var jobKind = batchv1.SchemeGroupVersion.WithKind("Job")

// newJob returns a Job of the CronJob's template, which is deleted with the CronJob.
func (s site) newJob(purpose string) batchv1.Job {
	template := s.cronJob.Spec.JobTemplate
	return batchv1.Job{
		TypeMeta: metav1.TypeMeta{APIVersion: batchv1.SchemeGroupVersion.String(), Kind: jobKind.Kind},
		ObjectMeta: metav1.ObjectMeta{
			Name: purpose + "-" + strings.ToLower(rand.Text()[:8]), Namespace: s.cronJob.Namespace, Labels: s.cronJob.Labels,
			OwnerReferences: []metav1.OwnerReference{{APIVersion: batchv1.SchemeGroupVersion.String(), Kind: "CronJob", Name: s.cronJob.Name, UID: s.cronJob.UID}},
		},
		Spec: *template.Spec.DeepCopy(),
	}
}

func (s site) create(ctx context.Context, job batchv1.Job) (cluster.Object, error) {
	o := cluster.Object{Kind: jobKind, Namespace: job.Namespace, Name: job.Name}
	resource, err := s.client.Resource(o)
	if err != nil {
		return o, err
	}
	manifest, err := encode(&job)
	if err != nil {
		return o, err
	}
	if _, err := resource.Create(ctx, manifest, metav1.CreateOptions{FieldManager: "hankki"}); err != nil {
		return o, fmt.Errorf("creating %s: %w", o, err)
	}
	return o, nil
}

// remove deletes the Job and its pods.
func (s site) remove(ctx context.Context, job cluster.Object) error {
	resource, err := s.client.Resource(job)
	if err != nil {
		return err
	}
	background := metav1.DeletePropagationBackground // the default for Jobs leaves their pods
	if err := resource.Delete(ctx, job.Name, metav1.DeleteOptions{PropagationPolicy: &background}); err != nil && !cluster.NotFound(err) {
		return fmt.Errorf("deleting %s: %w; `kubectl delete %s` deletes it", job, err, job.Kubectl())
	}
	return nil
}

// await polls the Job's newest pod until done returns true or fails. A Job that has failed without a pod, and a pod that does not start
// in startLimit, are errors with the cluster's reason.
func (s site) await(ctx context.Context, job cluster.Object, done func(corev1.Pod) (bool, error)) error {
	deadline := time.Now().Add(startLimit)
	for {
		pod, err := s.podOf(ctx, job)
		if err != nil {
			return err
		}
		if finished, err := done(pod); finished || err != nil {
			return err
		}
		if pod.Status.Phase != corev1.PodRunning {
			if err := s.failed(ctx, job); err != nil {
				return err
			}
		}
		if pod.Status.Phase != corev1.PodRunning && time.Now().After(deadline) {
			return fmt.Errorf("%s: its pod did not start in %v: %s", job, startLimit, whyWaiting(pod))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", job, ctx.Err())
		case <-time.After(s.poll):
		}
	}
}

// failed returns the reason if the Job has failed: its deadline has passed, or its pod was deleted.
func (s site) failed(ctx context.Context, o cluster.Object) error {
	live, err := s.client.Get(ctx, o)
	if err != nil {
		return err
	}
	job, err := decode[batchv1.Job](live)
	if err != nil {
		return err
	}
	for _, c := range job.Status.Conditions {
		if c.Type == batchv1.JobFailed && c.Status == corev1.ConditionTrue {
			return fmt.Errorf("%s failed: %s: %s", o, c.Reason, c.Message)
		}
	}
	return nil
}

// podOf returns the Job's newest pod; the zero Pod if there is none yet.
func (s site) podOf(ctx context.Context, job cluster.Object) (newest corev1.Pod, err error) {
	pods, err := s.client.Selected(ctx, cluster.PodKind, job.Namespace, batchv1.JobNameLabel+"="+job.Name)
	if err != nil {
		return newest, err
	}
	for i := range pods {
		pod, err := decode[corev1.Pod](&pods[i])
		if err != nil {
			return newest, err
		}
		if newest.Name == "" || newest.CreationTimestamp.Before(&pod.CreationTimestamp) {
			newest = pod
		}
	}
	return newest, nil
}

// whyWaiting returns the reason why a pod does not run.
func whyWaiting(pod corev1.Pod) string {
	for _, c := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		if w := c.State.Waiting; w != nil && w.Reason != "" {
			return strings.TrimSpace(w.Reason + ": " + w.Message)
		}
	}
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodScheduled && c.Status == corev1.ConditionFalse {
			return c.Reason + ": " + c.Message
		}
	}
	if pod.Name == "" {
		return "the Job controller has not created it; see `kubectl describe job`"
	}
	return "see `kubectl -n " + pod.Namespace + " describe pod " + pod.Name + "`"
}

// lastMessage returns the termination message of the pod's container, or of the init container that failed: its result, or the end of
// its log.
func lastMessage(pod corev1.Pod) string {
	for _, c := range pod.Status.InitContainerStatuses {
		if t := c.State.Terminated; t != nil && t.ExitCode != 0 {
			return fmt.Sprintf("init container %s: %s", c.Name, strings.TrimSpace(t.Message))
		}
	}
	for _, c := range pod.Status.ContainerStatuses {
		if t := c.State.Terminated; t != nil {
			return strings.TrimSpace(t.Message)
		}
	}
	return strings.TrimSpace(pod.Status.Reason + " " + pod.Status.Message)
}
