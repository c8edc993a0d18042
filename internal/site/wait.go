package site

import (
	"time"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/client-go/rest"

	"hankki/components"
	"hankki/internal/await"
	"hankki/internal/config"
	"hankki/internal/reach"
)

// newWait makes updates wait until pods are ready and the LAN reaches the Services, and report the cause if not. Without a
// client, manifests are only rendered. With drain, old pods end before objects are deleted.
func newWait(ctx *pulumi.Context, cfg *config.Config, client *rest.Config, drain bool) (components.Wait, error) {
	wait := components.Wait{Timeout: cfg.RolloutTimeout}
	if client == nil {
		return wait, nil
	}
	limit := time.Duration(wait.Timeout) * time.Second
	pods, err := await.NewWatch(ctx, client, limit, drain)
	if err != nil {
		return components.Wait{}, err
	}
	a := awaiter{Watch: pods}
	if cfg.Command.Handover == "" { // otherwise another site still holds the addresses
		a.lan = reach.NewWatch(ctx, client, inMetalLB(cfg.MetalLB), limit)
	}
	wait.Awaiter = a
	return wait, nil
}

// awaiter waits for pods, certificates and the LAN.
type awaiter struct {
	*await.Watch
	lan *reach.Watch // nil: do not wait for the LAN
}

// Reachable implements components.Awaiter.
func (a awaiter) Reachable(service *corev1.Service, address string, rolledOut pulumi.BoolOutput) pulumi.BoolOutput {
	if a.lan == nil {
		return rolledOut
	}
	return a.lan.Reachable(service, address, rolledOut)
}

// inMetalLB describes what the stack creates in MetalLB's namespace.
func inMetalLB(m config.MetalLB) reach.Stack {
	if m.Manage == config.ManageNone {
		return reach.Stack{}
	}
	return reach.Stack{Namespace: m.Namespace, Pool: m.Pool, Advertisement: m.Advertisement, Addresses: m.Addresses}
}
