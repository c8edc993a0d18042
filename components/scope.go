package components

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Scope is what the tiers share: the namespace of their objects, what their pods pull images with, and how an update waits for
// them.
type Scope struct {
	Namespace   pulumi.StringInput
	PullSecrets corev1.LocalObjectReferenceArray
	Wait        Wait
}
