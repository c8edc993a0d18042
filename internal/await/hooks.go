// Package await tells in the output of `pulumi up` whether pods came up, and if they did not, why: what an operator would
// otherwise look for with kubectl, when the pods may be gone.
package await

import (
	"fmt"
	"sync"
	"time"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/rest"
)

const (
	explainName = "postmortem"
	noteName    = "rollout"
)

// timeout bounds the questions to a cluster that may be what is wrong.
const timeout = 20 * time.Second

// Watch follows what becomes of the pods of Deployments and Jobs.
type Watch struct {
	ctx       *pulumi.Context
	client    *rest.Config
	limit     time.Duration
	drain     bool
	changed   sync.Map // URNs of Deployments that this update has created or updated
	onFailure *pulumi.ErrorHook
	onChange  *pulumi.ResourceHook
}

// NewWatch makes the hooks known to the engine. A Deployment may take as long as limit to roll out. With drain, one that
// changed is rolled out when its previous pods have ended too: for an update that deletes objects, which the engine does when
// the program has ended.
func NewWatch(ctx *pulumi.Context, client *rest.Config, limit time.Duration, drain bool) (*Watch, error) {
	w := &Watch{ctx: ctx, client: client, limit: limit, drain: drain}
	var err error
	if w.onFailure, err = ctx.RegisterErrorHook(explainName, w.explain); err != nil {
		return nil, fmt.Errorf("error hook: %w", err)
	}
	if w.onChange, err = ctx.RegisterResourceHook(noteName, w.note, nil); err != nil {
		return nil, fmt.Errorf("resource hook: %w", err)
	}
	return w, nil
}

// OnFailure is the hook for the failures of Deployments and Jobs: it logs why pods did not come up.
func (w *Watch) OnFailure() *pulumi.ErrorHook { return w.onFailure }

// OnChange is the hook for after a Deployment was created or updated; RolledOut is stricter with those.
func (w *Watch) OnChange() *pulumi.ResourceHook { return w.onChange }

// RolledOut resolves to true once the Deployment is rolled out; if that takes too long it is an error that says why. Also one
// that this up does not change is asked for, since the up that changed it may have failed. A preview asks nobody.
func (w *Watch) RolledOut(d *appsv1.Deployment) pulumi.BoolOutput {
	return pulumi.All(d.URN(), d.Metadata, d.Spec.Selector()).ApplyT(func(all []any) (bool, error) {
		urn, metadata, selector := all[0].(pulumi.URN), all[1].(metav1.ObjectMeta), all[2].(metav1.LabelSelector)
		if w.ctx.DryRun() {
			return true, nil
		}
		it := target{kind: "Deployment", name: *metadata.Name, namespace: *metadata.Namespace, pods: selector.MatchLabels}
		_, changed := w.changed.Load(urn)
		tell := func(progress string) {
			_ = w.ctx.Log.Info(fmt.Sprintf("%s: %s", it, progress), nil) // only news: the end is told by the error, or by none
		}
		err := it.confirm(w.ctx.Context(), w.client, changed, w.limit, tell)
		if err == nil && changed && w.drain {
			err = it.drain(w.ctx.Context(), w.client, tell)
		}
		return err == nil, err
	}).(pulumi.BoolOutput)
}

func (w *Watch) explain(args *pulumi.ErrorHookArgs) (retry bool, err error) {
	failed, ok := targetOf(args)
	if !ok {
		return false, nil
	}
	said, err := failed.ask(w.ctx.Context(), w.client)
	switch {
	case err != nil && said == "":
		said = fmt.Sprintf("%s failed, and the reason can't be read: %v", failed, err)
	case err != nil:
		said += fmt.Sprintf("\n  and what else there may be is not known: %v", err)
	}
	if said != "" {
		_ = w.ctx.Log.Error(said, nil) // if the engine does not listen any more, nobody does
	}
	return false, nil
}

// note does no more than that: while a hook runs, the engine can't write down what it does elsewhere.
func (w *Watch) note(args *pulumi.ResourceHookArgs) error {
	w.changed.Store(args.URN, nil)
	return nil
}

// target is a Deployment or Job.
type target struct {
	kind, name, namespace string
	pods                  labels.Set
}

func (t target) String() string {
	return fmt.Sprintf("%s %s in namespace %s", t.kind, t.name, t.namespace)
}

// targetOf reads what was asked for; no pods come of anything without a template for them.
func targetOf(args *pulumi.ErrorHookArgs) (target, bool) {
	inputs := args.NewInputs.Mappable()
	t := target{kind: string(args.Type.Name()), name: args.Name, pods: labels.Set{}}
	t.namespace, _ = at(inputs, "metadata", "namespace").(string)                         // anything else leaves it empty, and is refused below
	podLabels, _ := at(inputs, "spec", "template", "metadata", "labels").(map[string]any) // likewise
	for key, value := range podLabels {
		t.pods[key] = fmt.Sprint(value)
	}
	return t, len(t.pods) > 0 && t.namespace != ""
}

func at(value any, path ...string) any {
	for _, key := range path {
		inside, _ := value.(map[string]any)
		value = inside[key]
	}
	return value
}
