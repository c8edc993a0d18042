// Package await reports in the output of `pulumi up` whether pods became ready, and the cause if they did not. An operator
// would otherwise have to find it with kubectl, when the pods may no longer exist.
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

// timeout bounds the requests for a diagnosis, because the cluster itself may be the cause.
const timeout = 20 * time.Second

// Watch follows the pods of Deployments and Jobs.
type Watch struct {
	ctx       *pulumi.Context
	client    *rest.Config
	limit     time.Duration
	drain     bool
	changed   sync.Map // URNs of Deployments that this update created or updated
	onFailure *pulumi.ErrorHook
	onChange  *pulumi.ResourceHook
}

// NewWatch registers the hooks with the engine. limit is the maximum duration of a rollout. With drain, the rollout of a
// changed Deployment also includes the termination of its old pods. This is for an update that deletes objects: the engine
// deletes them when the program has exited.
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

// OnFailure returns the hook for failed Deployments and Jobs: it logs why pods did not become ready.
func (w *Watch) OnFailure() *pulumi.ErrorHook { return w.onFailure }

// OnChange returns the hook for created or updated Deployments; RolledOut is stricter with those.
func (w *Watch) OnChange() *pulumi.ResourceHook { return w.onChange }

// RolledOut resolves to true once the Deployment's rollout is complete. After the time limit it fails with the cause.
// Deployments that this update does not change are checked too, because the update that changed them may have failed. Does
// nothing in a preview.
func (w *Watch) RolledOut(d *appsv1.Deployment) pulumi.BoolOutput {
	return pulumi.All(d.URN(), d.Metadata, d.Spec.Selector()).ApplyT(func(all []any) (bool, error) {
		urn, metadata, selector := all[0].(pulumi.URN), all[1].(metav1.ObjectMeta), all[2].(metav1.LabelSelector)
		if w.ctx.DryRun() {
			return true, nil
		}
		it := target{kind: "Deployment", name: *metadata.Name, namespace: *metadata.Namespace, pods: selector.MatchLabels}
		_, changed := w.changed.Load(urn)
		report := func(progress string) {
			_ = w.ctx.Log.Info(fmt.Sprintf("%s: %s", it, progress), nil) // progress only; the result is reported by the error
		}
		err := it.confirm(w.ctx.Context(), w.client, changed, w.limit, report)
		if err == nil && changed && w.drain {
			err = it.drain(w.ctx.Context(), w.client, report)
		}
		return err == nil, err
	}).(pulumi.BoolOutput)
}

func (w *Watch) explain(args *pulumi.ErrorHookArgs) (retry bool, err error) {
	failed, ok := targetOf(args)
	if !ok {
		return false, nil
	}
	causes, err := failed.explainWithLimit(w.ctx.Context(), w.client)
	printed := failed.diagnosis(causes, err)
	if printed != "" {
		_ = w.ctx.Log.Error(printed, nil) // if logging fails, the engine has exited
	}
	return false, nil
}

// note only records the URN: while a hook runs, the engine cannot write the results of other operations to the state.
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

// diagnosis is the text to log: the causes, and the error that hid others.
func (t target) diagnosis(causes string, err error) string {
	switch {
	case err != nil && causes == "":
		return fmt.Sprintf("%s failed, cause unknown: %v", t, err)
	case err != nil:
		return fmt.Sprintf("%s\n  there may be further causes: %v", causes, err)
	}
	return causes
}

// targetOf reads the target from the hook's inputs. It returns false for objects without a pod template.
func targetOf(args *pulumi.ErrorHookArgs) (target, bool) {
	inputs := args.NewInputs.Mappable()
	t := target{kind: string(args.Type.Name()), name: args.Name, pods: labels.Set{}}
	t.namespace, _ = at(inputs, "metadata", "namespace").(string)                         // any other type leaves it empty, which is rejected below
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
