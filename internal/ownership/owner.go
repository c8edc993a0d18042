package ownership

import (
	"cmp"
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/state"
)

// Annotations with the owner of an object.
const (
	// NameAnnotation is the project and the stack, PROJECT/STACK, for display.
	NameAnnotation = "hankki/owner"
	// IDAnnotation identifies the owner. It is unique, and does not change when the stack is renamed.
	IDAnnotation = "hankki/owner-id"
)

// ByName is the ID of objects that were adopted (hankki adopt) or kept by a destroy for the stack in NameAnnotation.
// That stack may have no ID yet; its next up sets it.
const ByName = "by-name"

// Annotations that configure how the Kubernetes provider applies objects with a fixed name.
const (
	// patchForce overwrites a field that another manager set last, for example kubectl or a deleted autoscaler.
	// Without it, the provider reports a conflict instead of restoring the field.
	patchForce = "pulumi.com/patchForce"
	// ManagerAnnotation is the name that the fields are owned under. By default the plugin generates a name for each object that it
	// creates. An object that a killed `up` created, and the next one created again, then has two managers, and a field that is
	// removed later stays, because the first manager still owns it.
	ManagerAnnotation = "pulumi.com/patchFieldManager"
)

// definitionType is the resource type of CustomResourceDefinitions. They keep the field managers that the provider
// generates: earlier versions of this program created them that way, and the provider changes an object's manager by
// emptying the object first, which the API server rejects for a CustomResourceDefinition.
const definitionType = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"

// StashName is the Pulumi name of the Stash with the ID of the stack's Owner.
const StashName = "owner"

// Owner is the stack as the owner of objects.
type Owner struct {
	Name         string // PROJECT/STACK
	ID           string
	FieldManager string // of server-side apply
}

// NewOwner returns the owner in the state, or a new one for a stack without objects. A stack from before owner IDs
// keeps the field manager of its objects.
func NewOwner(project, stack string, has state.State) Owner {
	o := NewRendered(project, stack)
	o.ID, _ = has.Stashed(StashName)
	inOrder := func(a, b state.Key) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name)) }
	for _, key := range slices.SortedFunc(maps.Keys(has.Resources), inOrder) { // sorted, so that the result is the same if objects were moved from other stacks
		annotations := annotationsOf(has.Resources[key].Outputs)
		if manager := annotations[ManagerAnnotation]; manager != "" {
			o.FieldManager = manager
		}
		if id := annotations[IDAnnotation]; o.ID == "" && id != ByName { // the objects were moved without the Stash (`pulumi state move`)
			o.ID = id
		}
	}
	if o.ID == "" {
		o.ID = strings.ToLower(rand.Text())
	}
	return o
}

// NewRendered returns the owner of rendered manifests, which has no ID.
func NewRendered(project, stack string) Owner {
	return Owner{Name: project + "/" + stack, FieldManager: project + "/" + stack}
}

func annotationsOf(manifest map[string]any) map[string]string {
	metadata, _ := manifest["metadata"].(map[string]any)
	given, _ := metadata["annotations"].(map[string]any)
	texts := map[string]string{}
	for key, value := range given {
		texts[key], _ = value.(string)
	}
	return texts
}

// Mark is a resource transform. It annotates each Kubernetes object with its owner, including charts' objects, and
// sets the field manager of objects with a fixed name. On replacement (`pulumi up --replace`, `pulumi state taint`)
// an object must be deleted first: the engine's default order applies the new object, and then deletes it by its
// name.
func (o Owner) Mark(_ context.Context, args *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
	metadata, ok := args.Props["metadata"].(pulumi.Map)
	if !ok || !strings.HasPrefix(args.Type, "kubernetes:") {
		return nil
	}
	annotations := pulumi.Map{NameAnnotation: pulumi.String(o.Name)}
	if o.ID != "" { // rendered manifests have none
		annotations[IDAnnotation] = pulumi.String(o.ID)
	}
	if metadata["name"] != nil {
		args.Opts.DeleteBeforeReplace = !kept[args.Type[strings.LastIndex(args.Type, ":")+1:]] // retained kinds are never deleted
		annotations[patchForce] = pulumi.String("true")
		if args.Type != definitionType {
			annotations[ManagerAnnotation] = pulumi.String(o.FieldManager)
		}
	}
	if its, ok := metadata["annotations"].(pulumi.Map); ok {
		maps.Copy(annotations, its)
	}
	metadata["annotations"] = annotations
	return &pulumi.ResourceTransformResult{Props: args.Props, Opts: args.Opts}
}

// stack is the name of the stack without the project.
func (o Owner) stack() string { return o.Name[strings.Index(o.Name, "/")+1:] }
