package drift

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"hankki/internal/manifest"
	"hankki/internal/ownership"
)

// refreshed is what the engine reports of an object after it was read from the cluster.
func refreshed(op apitype.OpType, kind string, was, is map[string]any, paths ...string) events.EngineEvent {
	state := func(inputs map[string]any) *apitype.StepEventStateMetadata {
		return &apitype.StepEventStateMetadata{Custom: true, Inputs: inputs, Outputs: map[string]any{
			"apiVersion": "v1", "kind": kind, "metadata": map[string]any{"namespace": "hankki", "name": "one"}}}
	}
	m := apitype.StepEventMetadata{Op: op, Type: "kubernetes:core/v1:" + kind, Old: state(was), DetailedDiff: map[string]apitype.PropertyDiff{}}
	if is != nil {
		m.New = state(is)
	}
	for _, path := range paths {
		m.DetailedDiff[path] = apitype.PropertyDiff{Kind: apitype.DiffUpdate}
	}
	return events.EngineEvent{EngineEvent: apitype.EngineEvent{ResOutputsEvent: &apitype.ResOutputsEvent{Metadata: m}}}
}

func TestChangeOf(t *testing.T) {
	five, two := map[string]any{"spec": map[string]any{"replicas": 5.0}}, map[string]any{"spec": map[string]any{"replicas": 2.0}}
	hidden := map[string]any{"data": map[string]any{"password": "[secret]"}}
	component := refreshed(apitype.OpUpdate, "Service", five, two)
	component.ResOutputsEvent.Metadata.Old.Custom = false
	image := refreshed(apitype.OpUpdate, "Service", five, two)
	image.ResOutputsEvent.Metadata.Type = "docker-build:index:Image"
	for name, c := range map[string]struct {
		event events.EngineEvent
		want  *Change // nil: no change
	}{
		"changed":               {refreshed(apitype.OpUpdate, "Service", five, two), &Change{Object: "Service hankki/one", Fields: []manifest.Field{{Path: "spec.replicas", Old: 5.0, New: 2.0}}}},
		"deleted":               {refreshed(apitype.OpDelete, "Service", five, nil), &Change{Object: "Service hankki/one", Deleted: true}},
		"a secret":              {refreshed(apitype.OpUpdate, "Secret", hidden, hidden, "data.password"), &Change{Object: "Secret hankki/one", Fields: []manifest.Field{{Path: "data.password", Old: "[secret]", New: "[secret]"}}}},
		"the same":              {refreshed(apitype.OpSame, "Service", five, five), nil},
		"only read":             {refreshed(apitype.OpRefresh, "Service", five, five), nil},
		"a component":           {component, nil},
		"another kind of thing": {image, nil},
		"another event":         {events.EngineEvent{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, is := changeOf(c.event)
			if is != (c.want != nil) {
				t.Fatalf("got %v, want %v", got, c.want)
			}
			if c.want != nil {
				if diff := cmp.Diff(*c.want, got); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestText(t *testing.T) {
	var text strings.Builder
	Report{
		Stack:     "onprem",
		Changes:   []Change{{Object: "Deployment hankki/backend", Fields: []manifest.Field{{Path: "spec.replicas", Old: 5, New: 2}}}, {Object: "Service hankki/redis", Deleted: true}},
		Additions: []string{"Deployment hankki/frontend has fields that hankki did not write"},
	}.Text(&text)
	const want = "stack onprem: changed in the cluster; `pulumi up --refresh --stack onprem` reverts it:\n" +
		"  Deployment hankki/backend:\n    spec.replicas: 5 → 2\n  Service hankki/redis: deleted\n" +
		"stack onprem: added in the cluster; `pulumi up --refresh --stack onprem` keeps it:\n  Deployment hankki/frontend has fields that hankki did not write\n"
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Error(diff)
	}
}

// The text of an issue names objects and fields without values, and counts the objects beyond the limit.
func TestMarkdown(t *testing.T) {
	report := Report{
		Stack: "onprem",
		Changes: []Change{
			{Object: "Deployment hankki/backend", Fields: []manifest.Field{{Path: "spec.replicas", Old: 5, New: "s3cret"}, {Path: "spec.paused"}}},
			{Object: "Service hankki/redis", Deleted: true},
		},
		Additions: []string{"Deployment hankki/frontend has fields that hankki did not write: .metadata.labels.team (kubectl-label)"},
	}
	var text strings.Builder
	report.Markdown(&text)
	const begin = "<!-- hankki drift of onprem -->\n"
	for _, part := range []string{begin, "stack `onprem`", "- `Deployment hankki/backend`: `spec.replicas`, `spec.paused`\n- `Service hankki/redis`: deleted\n- Deployment hankki/frontend has"} {
		if !strings.Contains(text.String(), part) {
			t.Errorf("%q is missing in\n%s", part, text.String())
		}
	}
	if strings.Contains(text.String(), "s3cret") {
		t.Errorf("the text has a value:\n%s", text.String())
	}
	short := report.markdown(text.Len() - 1)
	if len(short) >= text.Len() || !strings.HasSuffix(short, "\n- and 1 more object\n") {
		t.Errorf("at the limit of %d bytes the text has %d:\n%s", text.Len()-1, len(short), short)
	}
	if none := (Report{Stack: "onprem"}).markdown(issueLimit); none != begin {
		t.Errorf("without drift the text is %q", none)
	}
}

// A field that a manager changed is reported as a change, not as an addition too.
func TestAChangeIsNoAddition(t *testing.T) {
	backend := ownership.Object{GroupKind: schema.GroupKind{Group: "apps", Kind: "Deployment"}, Namespace: "hankki", Name: "backend"}
	changes := []Change{{Object: "Deployment hankki/backend", Fields: []manifest.Field{
		{Path: "spec.replicas"}, {Path: "spec.template.spec.containers[flask].image"}, {Path: "spec.ingress[0].ports[0].port"}}}}
	frontend := backend
	frontend.Name = "frontend"
	for name, c := range map[string]struct {
		addition ownership.Addition
		want     bool
	}{
		"the field":         {ownership.Addition{Object: backend, Path: ".spec.replicas"}, true},
		"of a list item":    {ownership.Addition{Object: backend, Path: `.spec.template.spec.containers[name="flask"].image`}, true},
		"the whole list":    {ownership.Addition{Object: backend, Path: ".spec.ingress"}, true},
		"another list item": {ownership.Addition{Object: backend, Path: `.spec.template.spec.containers[name="debug"].image`}, false},
		"another field":     {ownership.Addition{Object: backend, Path: ".metadata.labels.team"}, false},
		"another object":    {ownership.Addition{Object: frontend, Path: ".spec.replicas"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := isChange(c.addition, changes); got != c.want {
				t.Errorf("%s: %v", c.addition.Path, got)
			}
		})
	}
}
