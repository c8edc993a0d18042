package drift

import (
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"hankki/internal/cluster"
	"hankki/internal/manifest"
	"hankki/internal/stack"
)

// Change is an object that was changed or deleted in the cluster.
type Change struct {
	Object  string           `json:"object"` // e.g. "Deployment hankki/backend"
	Deleted bool             `json:"deleted"`
	Fields  []manifest.Field `json:"fields,omitempty"` // Old is the state's value, New the cluster's; values of secrets are placeholders
}

// changeOf returns the change that an event of a refresh reports; false for other events and for resources that are not
// Kubernetes objects.
func changeOf(e events.EngineEvent) (Change, bool) {
	if e.ResOutputsEvent == nil {
		return Change{}, false
	}
	m := e.ResOutputsEvent.Metadata
	if m.Old == nil || !m.Old.Custom || !strings.HasPrefix(m.Type, "kubernetes:") {
		return Change{}, false
	}
	was := stack.WithoutSecrets(m.Old.Inputs)
	live := unstructured.Unstructured{Object: stack.WithoutSecrets(m.Old.Outputs)}
	change := Change{Object: cluster.Name(&live).String()}
	switch m.Op {
	case apitype.OpDelete:
		change.Deleted = true
		return change, true
	case apitype.OpUpdate:
		change.Fields = manifest.Compare(was, stack.WithoutSecrets(m.New.Inputs))
		if len(change.Fields) == 0 { // the values are secrets: the event has only their paths
			for _, path := range slices.Sorted(maps.Keys(m.DetailedDiff)) {
				change.Fields = append(change.Fields, manifest.Field{Path: path, Old: manifest.Secret + "]", New: manifest.Secret + "]"})
			}
		}
		return change, true
	default:
		return Change{}, false
	}
}
