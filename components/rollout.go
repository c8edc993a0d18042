package components

import (
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Rollout is how Pulumi waits for pods.
type Rollout struct {
	Timeout   int               // seconds until pods that are not ready fail their Deployment, and a release its Job
	OnFailure *pulumi.ErrorHook // told of each Deployment and Job that failed; may be nil
}

// options are those of a resource whose pods are waited for.
func (r Rollout) options() pulumi.ResourceOption {
	limit := strconv.Itoa(r.Timeout) + "s"
	var hooks []*pulumi.ErrorHook
	if r.OnFailure != nil {
		hooks = append(hooks, r.OnFailure)
	}
	return pulumi.Composite(
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: limit, Update: limit}),
		pulumi.ResourceHooks(&pulumi.ResourceHookBinding{OnError: hooks}),
	)
}
