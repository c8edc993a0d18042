// Package state reads the stack's resources as of its last operation.
package state

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// State is a stack's resources and outputs. The zero value is a stack without resources.
type State struct {
	// Resources are the resources by their Key. Resources pending deletion are excluded.
	Resources map[Key]Resource
	// Outputs are the outputs of the stack.
	Outputs map[string]any
}

// Key identifies a resource within its stack: the part of its URN that a renamed stack or project does not change.
type Key struct {
	Type string // with the parents' types: PARENT$CHILD
	Name string // Pulumi's name of the resource
}

// Resource is one resource of the stack.
type Resource struct {
	URN     string
	Type    string // without parents
	Outputs map[string]any
}

// readResources is a function of the engine. It reads from the backend and starts no provider.
const readResources = "pulumi:pulumi:readStackResourceOutputs"

// Read returns the resources of the program's stack.
func Read(ctx *pulumi.Context) (State, error) {
	var answer struct {
		Outputs map[string]struct {
			Type    string         `pulumi:"type"`
			Outputs map[string]any `pulumi:"outputs"`
		} `pulumi:"outputs"`
	}
	args := &struct {
		StackName string `pulumi:"stackName"`
	}{ctx.Organization() + "/" + ctx.Project() + "/" + ctx.Stack()}
	// Some outputs are secrets. They stay in this process: only names and owners are used.
	if _, err := ctx.InvokePackageRaw(readResources, args, &answer, ""); err != nil {
		return State{}, fmt.Errorf("reading the state of the stack %s: %w", args.StackName, err)
	}
	s := State{Resources: map[Key]Resource{}}
	for urn, r := range answer.Outputs {
		if resource.URN(urn).QualifiedType() == resource.RootStackType {
			s.Outputs = r.Outputs
			continue
		}
		s.Resources[KeyOf(urn)] = Resource{URN: urn, Type: r.Type, Outputs: r.Outputs}
	}
	return s, nil
}

// KeyOf returns the key of the resource with that URN.
func KeyOf(urn string) Key {
	u := resource.URN(urn)
	return Key{Type: string(u.QualifiedType()), Name: u.Name()}
}

// stashType is the type of values that Pulumi stores in the state.
const stashType = "pulumi:index:Stash"

// Stashed returns the string in the Stash of that name, and the URN of the Stash; both empty if it does not exist.
func (s State) Stashed(name string) (value, urn string) {
	r := s.Resources[Key{Type: stashType, Name: name}]
	value, _ = r.Outputs["output"].(string) // hankki stores only strings
	return value, r.URN
}
