package components

import (
	"strconv"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Wait is how an update waits for the objects that it creates.
type Wait struct {
	Timeout int     // seconds until pods that are not ready fail their Deployment, and a migration its Job
	Awaiter Awaiter // nil: the Kubernetes plugin's own wait is enough, as for rendered manifests
}

// Awaiter asks the cluster what becomes of objects. Its outputs resolve to true, or fail with the reason.
type Awaiter interface {
	// OnFailure is the hook that runs for each Deployment and Job that failed.
	OnFailure() *pulumi.ErrorHook
	// OnChange is the hook that runs for each Deployment that was created or updated.
	OnChange() *pulumi.ResourceHook
	// RolledOut waits until the Deployment is rolled out.
	RolledOut(deployment *appsv1.Deployment) pulumi.BoolOutput
	// Issued waits until cert-manager has issued the Certificate.
	Issued(certificate *apiextensions.CustomResource) pulumi.BoolOutput
	// Reachable waits until MetalLB announces the address for the Service and a pod answers there. It looks for the address at
	// once, and for the announcement after rolledOut.
	Reachable(service *corev1.Service, address string, rolledOut pulumi.BoolOutput) pulumi.BoolOutput
}

// jobOptions are the options of a Job that is waited for.
func (w Wait) jobOptions() pulumi.ResourceOption { return w.options(&pulumi.ResourceHookBinding{}) }

// deploymentOptions are the options of a Deployment that is waited for.
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

// rolledOut is true once the Deployment is rolled out.
func (w Wait) rolledOut(deployment *appsv1.Deployment) pulumi.BoolOutput {
	if w.Awaiter == nil {
		return deployment.URN().ApplyT(func(pulumi.URN) bool { return true }).(pulumi.BoolOutput)
	}
	return w.Awaiter.RolledOut(deployment)
}

// reachable is true once the LAN reaches the Service at the address.
func (w Wait) reachable(service *corev1.Service, address string, rolledOut pulumi.BoolOutput) pulumi.BoolOutput {
	if w.Awaiter == nil {
		return rolledOut
	}
	return w.Awaiter.Reachable(service, address, rolledOut)
}

// issued is the name of a Certificate's Secret, once there is one.
func (w Wait) issued(certificate *apiextensions.CustomResource, secret string) pulumi.StringOutput {
	wait := certificate.URN().ApplyT(func(pulumi.URN) bool { return true }).(pulumi.BoolOutput)
	if w.Awaiter != nil {
		wait = w.Awaiter.Issued(certificate)
	}
	return wait.ApplyT(func(bool) string { return secret }).(pulumi.StringOutput)
}
