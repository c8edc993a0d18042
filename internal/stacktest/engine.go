package stacktest

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Engine replaces Pulumi's engine: the outputs of each resource are its inputs. Calls of functions fail.
type Engine struct{}

// Call returns an error that names the function.
func (Engine) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return nil, fmt.Errorf("unexpected call of %s", args.Token)
}

// NewResource returns the resource's name as its ID, and its inputs.
func (Engine) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	return args.Name, args.Inputs, nil
}

// Preview makes a run a preview.
func Preview(info *pulumi.RunInfo) { info.DryRun = true }
