package site

import (
	"fmt"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/config"
	"hankki/internal/ownership"
	"hankki/internal/state"
)

// rehearsal replaces the engine. It records what the program registers and changes nothing.
type rehearsal struct {
	mu     sync.Mutex
	wanted []ownership.Wanted
}

// rehearse runs the program once without an engine, to list all objects before the first is registered. The objects of
// charts are not included, because the Kubernetes plugin registers those.
func rehearse(ctx *pulumi.Context, cfg *config.Config) ([]ownership.Wanted, error) {
	r := &rehearsal{}
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		cluster, err := newCluster(ctx, cfg)
		if err != nil {
			return err
		}
		return deploy(ctx, cfg, nil, cluster, components.Wait{Timeout: cfg.RolloutTimeout}, pushedImages{})
	}, pulumi.WithMocks(ctx.Project(), ctx.Stack(), r))
	if err != nil {
		return nil, fmt.Errorf("listing the objects of the stack: %w", err)
	}
	return r.wanted, nil
}

// NewResource returns the inputs as outputs, like rendering.
func (r *rehearsal) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	parents := resource.URN(args.RegisterRPC.GetParent()).QualifiedType()
	key := state.Key{Type: args.TypeToken, Name: args.Name}
	if parents != "" && parents != resource.RootStackType {
		key.Type = string(parents) + "$" + args.TypeToken
	}
	r.mu.Lock()
	r.wanted = append(r.wanted, ownership.Wanted{Key: key, Inputs: args.Inputs.MapRepl(nil, withoutSecrets)})
	r.mu.Unlock()
	out := args.Inputs.Copy()
	out["output"] = out["input"] // for Stash resources
	return args.Name, out, nil
}

// Call is never reached: the components call no plugin functions.
func (*rehearsal) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return nil, fmt.Errorf("the components call the function %s", args.Token)
}

func withoutSecrets(v resource.PropertyValue) (any, bool) { return nil, v.IsSecret() }
