package components

import (
	"context"
	"reflect"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func TestAChartsServicesAreNotWaitedForLongerThanOurs(t *testing.T) {
	for _, row := range []struct {
		name, typ string
		metadata  pulumi.Map
		want      any // the annotations; nil: the object is left as it is
	}{
		{"without annotations", "kubernetes:core/v1:Service", pulumi.Map{}, pulumi.Map{waitFor: pulumi.String(untilClusterIP)}},
		{
			"with annotations", "kubernetes:core/v1:Service", pulumi.Map{"annotations": pulumi.Map{"a": pulumi.String("b")}},
			pulumi.Map{"a": pulumi.String("b"), waitFor: pulumi.String(untilClusterIP)},
		},
		{"no Service", "kubernetes:apps/v1:Deployment", pulumi.Map{}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			result := serviceIsDone(context.Background(), &pulumi.ResourceTransformArgs{Type: row.typ, Props: pulumi.Map{"metadata": row.metadata}})
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
