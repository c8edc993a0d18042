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

// Annotations that tell the owner of an object.
const (
	// NameAnnotation is for people: the project and the stack, PROJECT/STACK.
	NameAnnotation = "hankki/owner"
	// IDAnnotation decides. It stays the same when the stack is renamed, and no other stack has it.
	IDAnnotation = "hankki/owner-id"
)

// ByName is the ID on objects that were taken over (hankki adopt), or kept by a destroy, for the stack that NameAnnotation
// names. That stack may have no ID yet. Its next up writes its own.
const ByName = "by-name"

// Annotations by which the Kubernetes plugin applies an object with a fixed name.
const (
	// patchForce takes back a field that somebody else wrote last, a person with kubectl or an autoscaler that was removed.
	// Without it, the plugin reports a conflict instead of restoring the field.
	patchForce = "pulumi.com/patchForce"
	// ManagerAnnotation is the name that the fields are owned under. By default the plugin generates a name for each object that it
	// creates. An object that a killed `up` created, and the next one created again, then has two managers, and a field that is
	// removed later stays, because the first manager still owns it.
	ManagerAnnotation = "pulumi.com/patchFieldManager"
)

// definitionType is the resource type of definitions of custom resources. They keep the field managers that the plugin
// generates: earlier versions of this program created them so, and the plugin changes the manager of an object by emptying it
// first, which the API server refuses for a definition.
const definitionType = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"

// StashName is the Pulumi name of the Stash that keeps the ID of the stack's Owner.
const StashName = "owner"

// Owner is the stack as the owner of objects.
type Owner struct {
	Name         string // PROJECT/STACK
	ID           string
	FieldManager string // of server-side apply
}

// NewOwner is the owner that the state knows, or a new one for a stack without objects. A stack that was made before
// owners had an ID keeps the field manager of its objects.
func NewOwner(project, stack string, has state.State) Owner {
	o := NewRendered(project, stack)
	o.ID, _ = has.Stashed(StashName)
	inOrder := func(a, b state.Key) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name)) }
	for _, key := range slices.SortedFunc(maps.Keys(has.Resources), inOrder) { // of objects that were moved here too, always the same
		annotations := annotationsOf(has.Resources[key].Outputs)
		if manager := annotations[ManagerAnnotation]; manager != "" {
			o.FieldManager = manager
		}
		if id := annotations[IDAnnotation]; o.ID == "" && id != ByName { // the Stash did not move here with the objects (`pulumi state move`)
			o.ID = id
		}
	}
	if o.ID == "" {
		o.ID = strings.ToLower(rand.Text())
	}
	return o
}

// NewRendered is the owner of manifests that are only rendered: no state knows an ID.
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

// Mark is a transform of resources. It annotates each Kubernetes object with its owner, charts' objects included, and has
// the plugin apply the objects with a fixed name under the one field manager. Replaced by another of its name (`pulumi up --replace`,
// `pulumi state taint`), an object has to be deleted first: the engine's own order applies the new one, and then deletes it by its name.
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
		args.Opts.DeleteBeforeReplace = !kept[args.Type[strings.LastIndex(args.Type, ":")+1:]] // what is kept is not deleted at all
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
