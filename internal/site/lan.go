package site

import (
	"context"
	"errors"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"hankki/internal/config"
	"hankki/internal/ownership"
	"hankki/internal/preflight"
	"hankki/internal/state"
)

// inspectLAN starts the check of the stack's addresses and returns a function that waits for the result.
func (g *guard) inspectLAN(deadline context.Context, ctx *pulumi.Context, cfg *config.Config, stack ownObjects) (finish func() error) {
	var warnings []string
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		warnings, err = preflight.LAN(deadline, cfg, g.client, stack)
		err = g.slow("the addresses on the LAN", err)
	}()
	return func() error {
		<-done
		return errors.Join(err, warn(ctx, warnings))
	}
}

// warn logs warnings in the output of the update.
func warn(ctx *pulumi.Context, lines []string) error {
	var errs []error
	for _, line := range lines {
		errs = append(errs, ctx.Log.Warn(line, nil))
	}
	return errors.Join(errs...)
}

// newOwnObjects reads the owner and the objects from the state.
func newOwnObjects(ctx *pulumi.Context, has state.State) ownObjects {
	return ownObjects{ownership.NewOwner(ctx.Project(), ctx.Stack(), has), ownership.NewPlan(nil, has)}
}

// ownObjects determines which objects in the cluster belong to the stack.
type ownObjects struct {
	owner ownership.Owner
	plan  ownership.Plan
}

// groups are the API groups of the kinds that package preflight asks for.
var groups = map[string]string{
	"Namespace": "", "Service": "", "DaemonSet": "apps", "IPAddressPool": "metallb.io", "CustomResourceDefinition": "apiextensions.k8s.io",
	"APIService": "apiregistration.k8s.io", "HorizontalPodAutoscaler": "autoscaling",
}

func (o ownObjects) Has(kind string, m metav1.ObjectMeta) bool {
	return o.plan.Has[ownership.Object{GroupKind: schema.GroupKind{Group: groups[kind], Kind: kind}, Namespace: m.Namespace, Name: m.Name}]
}

func (o ownObjects) Owns(kind string, m metav1.ObjectMeta) bool {
	inState := o.Has(kind, m)
	return o.owner.Owns(kind, m.Annotations, inState) && (inState || ownership.Applied(&m)) // excludes copies of the stack's objects
}
