package await

import (
	"context"
	"fmt"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	corev1 "k8s.io/api/core/v1"
	kube "k8s.io/apimachinery/pkg/apis/meta/v1"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"
)

// jobLabel is the label by which the Job controller marks a Job's pods.
const jobLabel = "batch.kubernetes.io/job-name"

// Message resolves to the termination message of the pod that completed the Job. It is empty in a preview, and if the pod no
// longer exists. If the cluster does not return the pod, it logs a warning and is empty: the Job has succeeded.
func (w *Watch) Message(job *batchv1.Job) pulumi.StringOutput {
	return pulumi.All(job.URN(), job.Metadata).ApplyT(func(all []any) string {
		metadata := all[1].(metav1.ObjectMeta)
		if w.ctx.DryRun() {
			return ""
		}
		message, err := w.message(*metadata.Namespace, *metadata.Name)
		if err != nil {
			_ = w.ctx.Log.Warn(fmt.Sprintf("Job %s in namespace %s: its report can't be read: %v", *metadata.Name, *metadata.Namespace, err), nil) // if logging fails, the engine has exited
		}
		return message
	}).(pulumi.StringOutput)
}

func (w *Watch) message(namespace, job string) (string, error) {
	ctx, cancel := context.WithTimeout(w.ctx.Context(), timeout)
	defer cancel()
	core, err := corev1client.NewForConfig(w.client)
	if err != nil {
		return "", fmt.Errorf("connecting to the cluster: %w", err)
	}
	pods, err := core.Pods(namespace).List(ctx, kube.ListOptions{LabelSelector: jobLabel + "=" + job})
	if err != nil {
		return "", fmt.Errorf("listing its pods: %w", err)
	}
	for _, pod := range pods.Items {
		for _, s := range pod.Status.ContainerStatuses {
			if ended := s.State.Terminated; pod.Status.Phase == corev1.PodSucceeded && ended != nil && ended.Message != "" {
				return ended.Message, nil
			}
		}
	}
	return "", nil
}
