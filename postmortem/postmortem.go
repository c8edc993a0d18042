// Package postmortem tells, in the output of the `pulumi up` that failed, why pods did not come up: what an operator would
// otherwise look for with kubectl, when the pods may be gone.
package postmortem

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/labels"

	"hankki/kubeconfig"
)

// hookName is printed where a deletion fails, for `pulumi destroy` does not run the program and so finds no hook. The
// engine then says that it "was not registered", in place of what went wrong.
const hookName = "postmortem (the reason is told by pulumi destroy --run-program)"

// timeout bounds the questions to a cluster that may be what is wrong.
const timeout = 20 * time.Second

// Register has the engine explain each failure of a resource with a pod template that names the hook. The kubeconfig is
// read now; what is wrong with it is said with the first failure, for a deployment does not need the hook.
func Register(ctx *pulumi.Context, kubeContext string) (*pulumi.ErrorHook, error) {
	client, unreachable := kubeconfig.Load(kubeContext)
	hook, err := ctx.RegisterErrorHook(hookName, func(args *pulumi.ErrorHookArgs) (bool, error) {
		w, ok := workloadOf(args)
		if !ok {
			return false, nil
		}
		said, err := "", unreachable
		if err == nil {
			said, err = w.ask(ctx.Context(), client)
		}
		if err != nil {
			said = fmt.Sprintf("%s: nobody can say why: %v", w, err)
		}
		if said != "" {
			_ = ctx.Log.Error(said, nil) // if the engine does not listen any more, nobody does
		}
		return false, nil
	})
	if err != nil {
		return nil, fmt.Errorf("error hook: %w", err)
	}
	return hook, nil
}

// workload is a Deployment or Job that failed.
type workload struct {
	kind, name, namespace string
	pods                  labels.Set
}

func (w workload) String() string {
	return fmt.Sprintf("%s %s in namespace %s", w.kind, w.name, w.namespace)
}

// workloadOf reads what was asked for; no pods come of anything without a template for them.
func workloadOf(args *pulumi.ErrorHookArgs) (workload, bool) {
	inputs := args.NewInputs.Mappable()
	w := workload{name: args.Name, pods: labels.Set{}}
	w.kind = string(args.Type.Name())
	w.namespace, _ = at(inputs, "metadata", "namespace").(string)                      // anything else leaves it empty, and is refused below
	wanted, _ := at(inputs, "spec", "template", "metadata", "labels").(map[string]any) // likewise
	for key, value := range wanted {
		w.pods[key] = fmt.Sprint(value)
	}
	return w, len(w.pods) > 0 && w.namespace != ""
}

func at(value any, path ...string) any {
	for _, key := range path {
		inside, _ := value.(map[string]any)
		value = inside[key]
	}
	return value
}
