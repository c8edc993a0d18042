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

// skipAwait is the annotation that makes Pulumi's Kubernetes plugin treat an object as ready once the API server has
// stored it. The plugin still awaits deletions, except of pods and workloads.
//
// On Services it replaces the plugin's own wait: 10 s without a change of the endpoints, and up to 10 minutes for an
// address. Readiness of pods is awaited on the Deployment, and reachability from the LAN by package reach. The plugin's
// other annotation, pulumi.com/waitFor, stores the cached object from before the update in the state (observed with
// 4.25.0), so the plugin does not detect the next change of the object.
const skipAwait = "pulumi.com/skipAwait"

// selector returns the labels that select one tier's pods. It excludes versions, because selectors are immutable.
func selector(app string) pulumi.StringMap {
	return pulumi.StringMap{labelName: pulumi.String(app), labelPartOf: pulumi.String(partOf)}
}

// labels returns the labels of one tier's objects.
func labels(app string) pulumi.StringMap {
	l := selector(app)
	l[labelManagedBy] = pulumi.String("pulumi")
	return l
}
