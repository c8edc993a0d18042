package components

import (
	"strconv"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Wait configures how an update waits for the objects that it creates.
type Wait struct {
	Timeout int     // seconds until a Deployment without ready pods or an unfinished migration Job fails
	Awaiter Awaiter // nil: only the Kubernetes plugin's own wait, as for rendered manifests
}

// Awaiter follows objects in the cluster. Its outputs resolve to true or fail with the cause.
type Awaiter interface {
	// OnFailure is the hook for Deployments and Jobs that failed.
	OnFailure() *pulumi.ErrorHook
	// OnChange is the hook for Deployments that were created or updated.
	OnChange() *pulumi.ResourceHook
	// RolledOut waits until the Deployment's rollout is complete.
	RolledOut(deployment *appsv1.Deployment) pulumi.BoolOutput
	// Message returns the termination message of the pod that completed the Job; empty if it is not known.
	Message(job *batchv1.Job) pulumi.StringOutput
	// Issued waits until cert-manager has issued the Certificate.
	Issued(certificate *apiextensions.CustomResource) pulumi.BoolOutput
	// Reachable waits until MetalLB announces the address of the Service and a pod answers on it. It waits for the address
	// immediately and for the announcement after rolledOut.
	Reachable(service *corev1.Service, address string, rolledOut pulumi.BoolOutput) pulumi.BoolOutput
}

// jobOptions returns the resource options of an awaited Job.
func (w Wait) jobOptions() pulumi.ResourceOption { return w.options(&pulumi.ResourceHookBinding{}) }

// deploymentOptions returns the resource options of an awaited Deployment.
func (w Wait) deploymentOptions() pulumi.ResourceOption {
	hooks := &pulumi.ResourceHookBinding{}
	if w.Awaiter != nil {
		hooks.AfterCreate = []*pulumi.ResourceHook{w.Awaiter.OnChange()}
		hooks.AfterUpdate = hooks.AfterCreate
	}
	return w.options(hooks)
}

func (w Wait) options(hooks *pulumi.ResourceHookBinding) pulumi.ResourceOption {
	limit := strconv.Itoa(w.Timeout) + "s"
	if w.Awaiter != nil {
		hooks.OnError = []*pulumi.ErrorHook{w.Awaiter.OnFailure()}
	}
	return pulumi.Composite(
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: limit, Update: limit}),
		pulumi.ResourceHooks(hooks),
	)
}

// rolledOut resolves to true once the rollout is complete.
func (w Wait) rolledOut(deployment *appsv1.Deployment) pulumi.BoolOutput {
	if w.Awaiter == nil {
		return deployment.URN().ApplyT(func(pulumi.URN) bool { return true }).(pulumi.BoolOutput)
	}
	return w.Awaiter.RolledOut(deployment)
}

// reachable resolves to true once the LAN reaches the Service at the address.
func (w Wait) reachable(service *corev1.Service, address string, rolledOut pulumi.BoolOutput) pulumi.BoolOutput {
	if w.Awaiter == nil {
		return rolledOut
	}
	return w.Awaiter.Reachable(service, address, rolledOut)
}

// message resolves to the termination message of the completed Job; empty if it is not known.
func (w Wait) message(job *batchv1.Job) pulumi.StringOutput {
	if w.Awaiter == nil {
		return job.URN().ApplyT(func(pulumi.URN) string { return "" }).(pulumi.StringOutput)
	}
	return w.Awaiter.Message(job)
}

// issued resolves to the name of the Certificate's Secret once it is issued.
func (w Wait) issued(certificate *apiextensions.CustomResource, secret string) pulumi.StringOutput {
	wait := certificate.URN().ApplyT(func(pulumi.URN) bool { return true }).(pulumi.BoolOutput)
	if w.Awaiter != nil {
		wait = w.Awaiter.Issued(certificate)
	}
	return wait.ApplyT(func(bool) string { return secret }).(pulumi.StringOutput)
}
