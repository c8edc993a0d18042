package components

import (
	"context"
	"maps"
	"reflect"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func TestAChartsObjectsAreAsOurs(t *testing.T) {
	ours := pulumi.Map{patchForce: pulumi.String("true"), fieldManager: pulumi.String("hankki")}
	with := func(key, value string) pulumi.Map {
		more := maps.Clone(ours)
		more[key] = pulumi.String(value)
		return more
	}
	for _, row := range []struct {
		name, typ string
		props     pulumi.Map
		want      any // the annotations; nil: the resource is left as it is
	}{
		{"a Service is waited for until it has its address", "kubernetes:core/v1:Service", pulumi.Map{"metadata": pulumi.Map{}}, with(waitFor, untilClusterIP)},
		{"its own annotations stay", "kubernetes:apps/v1:Deployment", pulumi.Map{"metadata": pulumi.Map{"annotations": pulumi.Map{"a": pulumi.String("b")}}}, with("a", "b")},
		{"without annotations", "kubernetes:apps/v1:Deployment", pulumi.Map{"metadata": pulumi.Map{}}, ours},
		{"a definition", crdType, pulumi.Map{"metadata": pulumi.Map{}}, nil},
		{"no object", "hankki:components:Chart", pulumi.Map{}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			result := likeOurs(context.Background(), &pulumi.ResourceTransformArgs{Type: row.typ, Props: row.props})
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
