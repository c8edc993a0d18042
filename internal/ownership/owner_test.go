package ownership

import (
	"context"
	"maps"
	"reflect"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/state"
)

func TestEachObjectIsMarked(t *testing.T) {
	mark := pulumi.Map{NameAnnotation: pulumi.String("hankki/onprem"), IDAnnotation: pulumi.String("1")}
	with := func(more pulumi.Map) pulumi.Map {
		all := maps.Clone(mark)
		maps.Copy(all, more)
		return all
	}
	forced := pulumi.Map{patchForce: pulumi.String("true"), ManagerAnnotation: pulumi.String("hankki/onprem")}
	name := pulumi.String("redis")
	for _, row := range []struct {
		name, typ string
		props     pulumi.Map
		want      any // the annotations; nil: the resource is not changed
	}{
		{"an object with a fixed name", "kubernetes:core/v1:Service", pulumi.Map{"metadata": pulumi.Map{"name": name}}, with(forced)},
		{"an object whose name Pulumi generates", "kubernetes:core/v1:Secret", pulumi.Map{"metadata": pulumi.Map{}}, mark},
		{"an object with annotations keeps them", "kubernetes:batch/v1:Job", pulumi.Map{"metadata": pulumi.Map{"annotations": pulumi.Map{"a": pulumi.String("b")}}}, with(pulumi.Map{"a": pulumi.String("b")})},
		{"a CustomResourceDefinition keeps its field manager", definitionType, pulumi.Map{"metadata": pulumi.Map{"name": name}}, with(pulumi.Map{patchForce: pulumi.String("true")})},
		{"a chart", "kubernetes:helm.sh/v4:Chart", pulumi.Map{"name": name}, nil},
		{"a resource of another plugin", "docker-build:index:Image", pulumi.Map{"metadata": pulumi.Map{}}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			result := us.Mark(context.Background(), &pulumi.ResourceTransformArgs{Type: row.typ, Props: row.props})
			var got any
			if result != nil {
				got = result.Props["metadata"].(pulumi.Map)["annotations"]
			}
			if !reflect.DeepEqual(got, row.want) {
				t.Errorf("the annotations are %v, not %v", got, row.want)
			}
		})
	}
}

// A replaced object with a fixed name is deleted before the new one is applied. Otherwise the deletion would delete the new object.
func TestReplacedObjectWithFixedNameIsDeletedFirst(t *testing.T) {
	fixed := pulumi.Map{"name": pulumi.String("redis")}
	for typ, want := range map[string]bool{
		"kubernetes:apps/v1:Deployment": true, "kubernetes:core/v1:Service": true,
		"kubernetes:core/v1:Namespace": false, "kubernetes:core/v1:PersistentVolumeClaim": false, // retained
	} {
		if got := us.Mark(context.Background(), &pulumi.ResourceTransformArgs{Type: typ, Props: pulumi.Map{"metadata": maps.Clone(fixed)}}); got.Opts.DeleteBeforeReplace != want {
			t.Errorf("%s is deleted first: %v, want %v", typ, got.Opts.DeleteBeforeReplace, want)
		}
	}
	generated := us.Mark(context.Background(), &pulumi.ResourceTransformArgs{Type: "kubernetes:core/v1:Secret", Props: pulumi.Map{"metadata": pulumi.Map{}}})
	if generated.Opts.DeleteBeforeReplace {
		t.Error("a Secret is deleted before its pods use the new one")
	}
}

func TestOwnerIsReadFromTheState(t *testing.T) {
	object := func(annotations map[string]any) state.Resource {
		return state.Resource{Outputs: map[string]any{"metadata": map[string]any{"annotations": annotations}}}
	}
	stash := state.Resource{Outputs: map[string]any{"output": "1"}}
	stashKey, key := state.Key{Type: "pulumi:index:Stash", Name: StashName}, state.Key{Type: "kubernetes:core/v1:Service", Name: "redis"}
	for name, row := range map[string]struct {
		has         map[state.Key]state.Resource
		id, manager string
	}{
		"an earlier version": {map[state.Key]state.Resource{key: object(map[string]any{ManagerAnnotation: "hankki"})}, "", "hankki"},
		"a renamed stack": {map[state.Key]state.Resource{
			stashKey: stash, key: object(map[string]any{ManagerAnnotation: "hankki/dev", IDAnnotation: "1"}),
		}, "1", "hankki/dev"},
		"objects moved to this stack without the Stash":   {map[state.Key]state.Resource{key: object(map[string]any{ManagerAnnotation: "hankki/dev", IDAnnotation: "2"})}, "2", "hankki/dev"},
		"an earlier version after an interrupted destroy": {map[state.Key]state.Resource{key: object(map[string]any{ManagerAnnotation: "hankki", IDAnnotation: ByName})}, "", "hankki"},
		"objects of two stacks": {map[state.Key]state.Resource{
			stashKey: stash, key: object(map[string]any{ManagerAnnotation: "hankki/onprem"}),
			{Type: key.Type, Name: "api"}:   object(map[string]any{ManagerAnnotation: "hankki/a"}),
			{Type: key.Type, Name: "front"}: object(map[string]any{ManagerAnnotation: "hankki/b"}),
		}, "1", "hankki/onprem"},
		"a new stack": {nil, "", "hankki/onprem"},
	} {
		t.Run(name, func(t *testing.T) {
			owner := NewOwner("hankki", "onprem", state.State{Resources: row.has})
			for range 20 { // maps have no order
				if again := NewOwner("hankki", "onprem", state.State{Resources: row.has}); again.FieldManager != owner.FieldManager {
					t.Fatalf("the field manager is %s, and then %s", owner.FieldManager, again.FieldManager)
				}
			}
			if owner.Name != "hankki/onprem" || owner.FieldManager != row.manager || row.id != "" && owner.ID != row.id {
				t.Errorf("the owner is %+v", owner)
			}
			if row.id == "" && len(owner.ID) < 26 { // 128 bits in base32
				t.Errorf("the generated ID %q is short", owner.ID)
			}
		})
	}
}
