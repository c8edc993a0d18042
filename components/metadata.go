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

// waitFor is the annotation that tells Pulumi's Kubernetes plugin when an object is done.
const waitFor = "pulumi.com/waitFor"

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
