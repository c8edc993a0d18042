package components

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Kubernetes' recommended labels: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
const (
	labelName      = "app.kubernetes.io/name"
	labelPartOf    = "app.kubernetes.io/part-of"
	labelManagedBy = "app.kubernetes.io/managed-by"
)

const partOf = "hankki"

// skipAwait is the annotation that has Pulumi's Kubernetes plugin take an object for done once the API server has it; a deletion
// is waited for all the same, but for pods and what makes them.
//
// Services have it in place of the plugin's own wait, which is for endpoints that have not changed for 10 s, and for an address for
// 10 minutes. Whether pods are ready is confirmed for the Deployment, and whether the LAN reaches the Service by package reach.
// The plugin's other annotation, pulumi.com/waitFor, writes into the state what its cache had before the update (seen with 4.25.0),
// so that the next change of the object is taken for none.
const skipAwait = "pulumi.com/skipAwait"

// selector finds the pods of one tier. It never changes, for selectors are immutable and versions are not.
func selector(app string) pulumi.StringMap {
	return pulumi.StringMap{labelName: pulumi.String(app), labelPartOf: pulumi.String(partOf)}
}

// labels describes an object of one tier.
func labels(app string) pulumi.StringMap {
	l := selector(app)
	l[labelManagedBy] = pulumi.String("pulumi")
	return l
}
