package ownership

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"hankki/internal/state"
)

var (
	api = Object{schema.GroupKind{Group: "apps", Kind: "Deployment"}, "hankki", "backend"}
	us  = Owner{Name: "hankki/onprem", ID: "1", FieldManager: "hankki/onprem"}
)

const image = `{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"flask\"}":{".":{},"f:name":{},"f:image":{}}}}}}}`

func live(object Object, fields ...metav1.ManagedFieldsEntry) []Live {
	return []Live{{object, &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{ManagedFields: fields}}}}
}

func wrote(manager, subresource, fields string) metav1.ManagedFieldsEntry {
	return metav1.ManagedFieldsEntry{
		Manager: manager, Subresource: subresource, FieldsV1: &metav1.FieldsV1{Raw: []byte(fields)},
		Time: &metav1.Time{Time: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)},
	}
}

func TestFieldsOfOtherClientsAreListed(t *testing.T) {
	for name, row := range map[string]struct {
		fields metav1.ManagedFieldsEntry
		want   string // in the line; empty: no line
	}{
		"set env": {wrote("kubectl-set", "", `{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"flask\"}":{"f:env":{"k:{\"name\":\"DEBUG\"}":{".":{},"f:name":{},"f:value":{}}}}}}}}}`),
			`.spec.template.spec.containers[name="flask"].env[name="DEBUG"] (kubectl-set on 2026-03-02)`},
		"a container": {wrote("kubectl-patch", "", `{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"spy\"}":{".":{},"f:image":{},"f:name":{}}}}}}}`),
			`.spec.template.spec.containers[name="spy"] (kubectl-patch`},
		"a label and an annotation": {wrote("kubectl-label", "", `{"f:metadata":{"f:annotations":{".":{},"f:note":{}},"f:labels":{"f:team":{}}}}`),
			".metadata.annotations.note, .metadata.labels.team (kubectl-label"},
		"an autoscaler's number":        {wrote("kubectl", "scale", `{"f:spec":{"f:replicas":{}}}`), ".spec.replicas (kubectl on"},
		"a restart":                     {wrote("kubectl-rollout", "", `{"f:spec":{"f:template":{"f:metadata":{"f:annotations":{".":{},"f:kubectl.kubernetes.io/restartedAt":{}}}}}}`), ""},
		"the status":                    {wrote("other", "status", `{"f:status":{"f:replicas":{}}}`), ""},
		"Kubernetes itself":             {wrote("kube-controller-manager", "", `{"f:metadata":{"f:annotations":{"f:deployment.kubernetes.io/revision":{}}}}`), ""},
		"fields that hankki writes too": {wrote("kubectl-edit", "", image), ""},
		"fields that can't be read":     {wrote("kubectl-edit", "", `[]`), ""},
		"Kubernetes itself, in k3s":     {wrote("k3s", "scale", `{"f:spec":{"f:replicas":{}}}`), ""},
		"hankki's own":                  {wrote("hankki/onprem", "", `{"f:spec":{"f:replicas":{}}}`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			lines := Lines(us.Additions(Plan{Has: map[Object]bool{api: true}}, live(api, wrote("hankki/onprem", "", image), row.fields)))
			switch {
			case row.want == "" && len(lines) > 0:
				t.Errorf("listed: %q", lines)
			case row.want != "" && (len(lines) != 1 || !strings.Contains(lines[0], row.want) || !strings.HasPrefix(lines[0], "Deployment hankki/backend has fields")):
				t.Errorf("%q is not in %q", row.want, lines)
			}
		})
	}
}

// An object that is not in the state is rejected or adopted, not compared.
func TestOnlyTheStacksObjectsAreCompared(t *testing.T) {
	if lines := Lines(us.Additions(Plan{}, live(api, wrote("kubectl-set", "", image)))); len(lines) > 0 {
		t.Errorf("listed: %q", lines)
	}
}

// Pulumi generates the names of Secrets and Jobs; they are in the state.
func TestObjectsWithAGeneratedNameAreCompared(t *testing.T) {
	key := state.Key{Type: "hankki:components:Redis$kubernetes:core/v1:Secret", Name: "redis"}
	manifest := func(name string) map[string]any {
		metadata := map[string]any{"namespace": "hankki"}
		if name != "" {
			metadata["name"] = name
		}
		return map[string]any{"apiVersion": "v1", "kind": "Secret", "metadata": metadata}
	}
	plan := NewPlan([]Wanted{{Key: key, Inputs: manifest("")}}, state.State{Resources: map[state.Key]state.Resource{
		key: {Type: "kubernetes:core/v1:Secret", Outputs: manifest("redis-1a2b")},
	}})
	secret := Object{schema.GroupKind{Kind: "Secret"}, "hankki", "redis-1a2b"}
	if plan.Objects[secret] != "v1" {
		t.Errorf("the plan reads %v, want %v", plan.Objects, secret)
	}
	lines := Lines(us.Additions(plan, live(secret, wrote("kubectl-label", "", `{"f:metadata":{"f:labels":{"f:team":{}}}}`))))
	if len(lines) != 1 || !strings.Contains(lines[0], "Secret hankki/redis-1a2b has fields") {
		t.Errorf("listed: %q", lines)
	}
}
