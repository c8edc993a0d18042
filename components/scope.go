package components

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Scope contains what the tiers share: their namespace, their pull secrets, and how an update waits for them.
type Scope struct {
	Namespace   pulumi.StringInput
	PullSecrets corev1.LocalObjectReferenceArray
	Wait        Wait
}
