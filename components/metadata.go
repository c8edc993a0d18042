package components

import (
	"maps"

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

// The annotations by which the Kubernetes plugin owns the fields of an object with a name of its own.
const (
	// patchForce takes back what somebody else wrote last, be it a person with kubectl or an autoscaler that is gone; without
	// it, Pulumi would report a conflict instead of healing it.
	patchForce = "pulumi.com/patchForce"
	// fieldManager is the name that fields are owned under. Otherwise the plugin makes one up for each object that it creates;
	// one that was created by an up that was killed, and again by the next, has then two owners, and what the next ones take out
	// of it (a volume, an argument) stays for the sake of the dead one.
	fieldManager = "pulumi.com/patchFieldManager"
)

// owned annotates an object with a name of its own.
func owned(more pulumi.StringMap) pulumi.StringMap {
	a := pulumi.StringMap{patchForce: pulumi.String("true"), fieldManager: pulumi.String(partOf)}
	maps.Copy(a, more)
	return a
}
