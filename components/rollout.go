package components

import (
	"strconv"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Rollout is how Pulumi waits for pods.
type Rollout struct {
	Timeout int          // seconds until pods that are not ready fail their Deployment, and a release its Job
	Watch   RolloutWatch // may be the zero value: then nobody is asked
}

// RolloutWatch asks the cluster what becomes of pods.
type RolloutWatch struct {
	Explain *pulumi.ErrorHook    // told of each Deployment and Job that failed
	Note    *pulumi.ResourceHook // told of each Deployment that was made or changed
	// Confirm resolves to true once the Deployment is rolled out, or fails.
	Confirm func(*appsv1.Deployment) pulumi.BoolOutput
	// Issued resolves to true once cert-manager has issued the Certificate of that name, or fails.
	Issued func(certificate *apiextensions.CustomResource) pulumi.BoolOutput
	// Reach resolves to true once MetalLB announces the address for the Service and a pod answers there, or fails. It looks
	// for the address at once, and for the announcement after rolledOut.
	Reach func(service *corev1.Service, address string, rolledOut pulumi.BoolOutput) pulumi.BoolOutput
}

// ofJob are the options of a Job that is waited for.
func (r Rollout) ofJob() pulumi.ResourceOption { return r.options(&pulumi.ResourceHookBinding{}) }

// ofDeployment are the options of a Deployment that is waited for.
func (r Rollout) ofDeployment() pulumi.ResourceOption {
	hooks := &pulumi.ResourceHookBinding{}
	if r.Watch.Note != nil {
		hooks.AfterCreate = []*pulumi.ResourceHook{r.Watch.Note}
		hooks.AfterUpdate = hooks.AfterCreate
	}
	return r.options(hooks)
}

func (r Rollout) options(hooks *pulumi.ResourceHookBinding) pulumi.ResourceOption {
	limit := strconv.Itoa(r.Timeout) + "s"
	if r.Watch.Explain != nil {
		hooks.OnError = []*pulumi.ErrorHook{r.Watch.Explain}
	}
	return pulumi.Composite(
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: limit, Update: limit}),
		pulumi.ResourceHooks(hooks),
	)
}

// confirm is true once the Deployment is rolled out.
func (r Rollout) confirm(deployment *appsv1.Deployment) pulumi.BoolOutput {
	if r.Watch.Confirm == nil {
		return deployment.URN().ApplyT(func(pulumi.URN) bool { return true }).(pulumi.BoolOutput)
	}
	return r.Watch.Confirm(deployment)
}

// reach is true once the LAN reaches the Service at the address.
func (r Rollout) reach(service *corev1.Service, address string, rolledOut pulumi.BoolOutput) pulumi.BoolOutput {
	if r.Watch.Reach == nil {
		return rolledOut
	}
	return r.Watch.Reach(service, address, rolledOut)
}

// issued is the name of a Certificate's Secret, once there is one.
func (r Rollout) issued(certificate *apiextensions.CustomResource, secret string) pulumi.StringOutput {
	wait := certificate.URN().ApplyT(func(pulumi.URN) bool { return true }).(pulumi.BoolOutput)
	if r.Watch.Issued != nil {
		wait = r.Watch.Issued(certificate)
	}
	return wait.ApplyT(func(bool) string { return secret }).(pulumi.StringOutput)
}
