package components

import (
	"context"
	"reflect"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func TestChartServicesSkipAwait(t *testing.T) {
	const service, deployment = "kubernetes:core/v1:Service", "kubernetes:apps/v1:Deployment"
	for _, row := range []struct {
		name, typ string
		props     pulumi.Map
		want      any // the annotations; nil: the resource is unchanged
	}{
		{"a Service", service, pulumi.Map{"metadata": pulumi.Map{}}, pulumi.Map{skipAwait: pulumi.String("true")}},
		{"a Service with annotations keeps them", service, pulumi.Map{"metadata": pulumi.Map{"annotations": pulumi.Map{"a": pulumi.String("b")}}},
			pulumi.Map{skipAwait: pulumi.String("true"), "a": pulumi.String("b")}},
		{"a Deployment", deployment, pulumi.Map{"metadata": pulumi.Map{}}, nil},
		{"a resource without metadata", "hankki:components:Chart", pulumi.Map{}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			result := awaitNoEndpoints(context.Background(), &pulumi.ResourceTransformArgs{Type: row.typ, Props: row.props})
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
