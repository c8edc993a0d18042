package adopt

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/client-go/dynamic/fake"
	clienttesting "k8s.io/client-go/testing"

	"hankki/internal/cluster"
	"hankki/internal/clustertest"
	"hankki/internal/stacktest"
)

const (
	ourMarks = `pulumi.com/patchFieldManager: hankki/onprem, hankki/owner: hankki/onprem, hankki/owner-id: "1"`
	wanted   = `{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {namespace: metallb-system, name: lan, annotations: {` + ourMarks + `}}, spec: {addresses: [10.0.0.3-10.0.0.9], autoAssign: false}}`
	byHand   = `
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata:
  namespace: metallb-system
  name: lan
  labels: {team: shop}
  managedFields:
    - manager: kubectl-client-side-apply
      operation: Update
      apiVersion: metallb.io/v1beta1
      time: "2026-01-02T03:04:05Z"
      fieldsType: FieldsV1
      fieldsV1: {"f:metadata": {"f:labels": {".": {}, "f:team": {}}}, "f:spec": {".": {}, "f:addresses": {}}}
spec: {addresses: [10.0.0.3-10.0.0.254]}
`
)

// reactToApply sets the fake API server's response to a server-side apply: the resulting object, or an error.
func reactToApply(client *fake.FakeDynamicClient, response *unstructured.Unstructured, err error) {
	client.PrependReactor("patch", "*", func(action clienttesting.Action) (bool, runtime.Object, error) {
		if patch, ok := action.(clienttesting.PatchAction); !ok || patch.GetPatchType() != types.ApplyPatchType {
			return false, nil, nil
		}
		return true, response, err
	})
}

func applied(t *testing.T) *unstructured.Unstructured {
	t.Helper()
	o := clustertest.Objects(t, wanted)[0]
	o.SetLabels(map[string]string{"team": "shop"})
	o.SetManagedFields([]metav1.ManagedFieldsEntry{{
		Manager: "hankki/onprem", Operation: "Apply", FieldsV1: &metav1.FieldsV1{Raw: []byte(`{"f:spec": {"f:addresses": {}, "f:autoAssign": {}}}`)},
	}})
	return o
}

func find(t *testing.T, client *cluster.Client, has ...cluster.Object) []*Foreign {
	t.Helper()
	found, err := takeover{client: client, warnings: &warnings{}, owner: "hankki/onprem", id: "1", has: has}.find(t.Context(), clustertest.Objects(t, wanted))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// An object created with kubectl is listed with its field managers and with the fields that change or are removed.
func TestForeignObjectsAreCompared(t *testing.T) {
	client, server := clustertest.New(t, byHand)
	reactToApply(server, applied(t), nil)
	found := find(t, client)
	if len(found) != 1 {
		t.Fatalf("found %v", found)
	}
	got, err := json.Marshal(found[0])
	if err != nil {
		t.Fatal(err)
	}
	want := `{"object":{"apiVersion":"metallb.io/v1beta1","kind":"IPAddressPool","namespace":"metallb-system","name":"lan"},` +
		`"writers":["kubectl-client-side-apply on 2026-01-02"],` +
		`"changes":["spec.addresses: [\"10.0.0.3-10.0.0.254\"] → [\"10.0.0.3-10.0.0.9\"]","spec.autoAssign: (none) → false"],` +
		`"removes":[".metadata.labels.team"]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Objects of this stack are not listed. An object of another stack is listed with that stack's name.
func TestOwnership(t *testing.T) {
	marked := func(owner, id string) string {
		return strings.Replace(byHand, "  labels:", "  annotations: {hankki/owner: "+owner+", hankki/owner-id: \""+id+"\"}\n  labels:", 1)
	}
	for name, c := range map[string]struct {
		live    string
		inState bool
		foreign bool
		stack   string
	}{
		"does not exist":                      {"", false, false, ""},
		"created with kubectl":                {byHand, false, true, ""},
		"created with kubectl, in the state":  {byHand, true, false, ""},
		"of this stack":                       {marked("hankki/onprem", "1"), false, false, ""},
		"adopted by this stack":               {marked("hankki/onprem", "by-name"), false, false, ""},
		"of another stack":                    {marked("hankki/dev", "2"), false, true, "hankki/dev"},
		"of another stack with the same name": {marked("hankki/onprem", "2"), false, true, "hankki/onprem"},
		"adopted by another stack":            {marked("hankki/dev", "by-name"), false, true, "hankki/dev"},
	} {
		t.Run(name, func(t *testing.T) {
			client, server := clustertest.New(t, c.live)
			reactToApply(server, applied(t), nil)
			var has []cluster.Object
			if c.inState {
				has = append(has, clustertest.Name(t, wanted))
			}
			found := find(t, client, has...)
			if len(found) > 0 != c.foreign || c.foreign && found[0].Stack != c.stack {
				t.Errorf("found %v, want %t of %q", found, c.foreign, c.stack)
			}
		})
	}
}

// An immutable field requires a replacement. Any other error of the dry run becomes a note.
func TestDryRunErrors(t *testing.T) {
	kind := schema.GroupKind{Group: "metallb.io", Kind: "IPAddressPool"}
	invalid := func(message string) error {
		return apierrors.NewInvalid(kind, "lan", field.ErrorList{field.Forbidden(field.NewPath("spec"), message)})
	}
	for name, c := range map[string]struct {
		err           error
		replace, note string
	}{
		"an immutable field":                  {apierrors.NewInvalid(kind, "lan", field.ErrorList{field.Invalid(field.NewPath("spec", "selector"), "x", "field is immutable")}), "spec.selector", ""},
		"an immutable field of a StatefulSet": {invalid("updates to statefulset spec for fields other than 'replicas' are forbidden"), "updates to statefulset", ""},
		"an immutable cluster IP":             {apierrors.NewInvalid(kind, "lan", field.ErrorList{field.Invalid(field.NewPath("spec", "clusterIPs").Index(0), "x", "may not change once set")}), "may not change", ""},
		"an invalid value":                    {invalid("is not a valid range"), "", "is not a valid range"},
		"no permission":                       {apierrors.NewForbidden(schema.GroupResource{Resource: "ipaddresspools"}, "lan", nil), "", "forbidden"},
		"an unreachable webhook":              {apierrors.NewInternalError(webhookError{}), "", "failed calling webhook"},
	} {
		t.Run(name, func(t *testing.T) {
			client, server := clustertest.New(t, byHand)
			reactToApply(server, nil, c.err)
			f := find(t, client)[0]
			notes := strings.Join(f.Notes, "\n")
			if !strings.Contains(f.Replace, c.replace) || (f.Replace != "") != (c.replace != "") || !strings.Contains(notes, c.note) || (notes != "") != (c.note != "") {
				t.Errorf("replace %q, notes %q", f.Replace, notes)
			}
		})
	}
}

type webhookError struct{}

func (webhookError) Error() string { return "failed calling webhook" }

// If the options do not cover an object, no object is adopted; the error lists each one and its solution.
func TestOptionsMustCoverAllObjects(t *testing.T) {
	object := func(kind string) cluster.Object {
		return cluster.Object{Kind: schema.GroupVersionKind{Version: "v1", Kind: kind}, Namespace: "hankki", Name: "x"}
	}
	plain, replaced := &Foreign{Object: object("Service")}, &Foreign{Object: object("Pod"), Replace: "spec is immutable"}
	claim, theirs := &Foreign{Object: object("PersistentVolumeClaim"), Replace: "spec is immutable"}, &Foreign{Object: object("Service"), Stack: "hankki/dev"}
	for name, c := range map[string]struct {
		found   []*Foreign
		options Options
		want    []string // nil: adopted
	}{
		"created with kubectl":                      {[]*Foreign{plain}, Options{}, nil},
		"all errors at once":                        {[]*Foreign{plain, replaced, theirs}, Options{}, []string{"Pod hankki/x", "REPLACE=1", "hankki/dev", "FORCE=1"}},
		"a replacement with REPLACE=1":              {[]*Foreign{replaced}, Options{Replace: true}, nil},
		"a PersistentVolumeClaim is never replaced": {[]*Foreign{claim}, Options{Replace: true, Force: true}, []string{"PersistentVolumeClaim hankki/x", "its contents"}},
		"of another stack, with FORCE=1":            {[]*Foreign{theirs}, Options{Force: true}, nil},
		"of another stack, with REPLACE=1":          {[]*Foreign{theirs}, Options{Replace: true}, []string{"FORCE=1"}},
	} {
		t.Run(name, func(t *testing.T) {
			stacktest.CheckError(t, checkOptions("onprem", c.found, c.options), c.want...)
		})
	}
}

// Adoption annotates the object and transfers kubectl's fields to the stack's field manager. With Replace the object
// is deleted.
func TestAdoptObject(t *testing.T) {
	client, _ := clustertest.New(t, byHand)
	o := clustertest.Name(t, byHand)
	live, err := client.Get(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	run := takeover{client: client, warnings: &warnings{}, owner: "hankki/onprem"}
	if err := run.adopt(t.Context(), &Foreign{Object: o, live: live, manager: "hankki/onprem"}, &strings.Builder{}); err != nil {
		t.Fatal(err)
	}
	live, err = client.Get(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if a := live.GetAnnotations(); a["hankki/owner"] != "hankki/onprem" || a["hankki/owner-id"] != "by-name" {
		t.Errorf("annotations %v", a)
	}
	fields := live.GetManagedFields()
	if len(fields) != 1 || fields[0].Manager != "hankki/onprem" || fields[0].Operation != "Apply" {
		t.Errorf("managed fields %v", fields)
	}
	if err := run.adopt(t.Context(), &Foreign{Object: o, live: live, Replace: "spec is immutable"}, &strings.Builder{}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Get(t.Context(), o); !cluster.NotFound(err) {
		t.Errorf("after the replacement: %v", err)
	}
}

// Only objects created through the Kubernetes provider are returned; charts and images are not objects.
func TestCreated(t *testing.T) {
	step := func(op apitype.OpType, typ string, inputs map[string]any) events.EngineEvent {
		return events.EngineEvent{EngineEvent: apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: apitype.StepEventMetadata{
			Op: op, Type: typ, New: &apitype.StepEventStateMetadata{Custom: true, Inputs: inputs},
		}}}}
	}
	service := map[string]any{"apiVersion": "v1", "kind": "Service", "metadata": map[string]any{"name": "redis", "namespace": "hankki"}}
	for name, c := range map[string]struct {
		event events.EngineEvent
		want  string
	}{
		"a new object":        {step(apitype.OpCreate, "kubernetes:core/v1:Service", service), "Service hankki/redis"},
		"an unchanged object": {step(apitype.OpSame, "kubernetes:core/v1:Service", service), ""},
		"an image":            {step(apitype.OpCreate, "docker-build:index:Image", map[string]any{}), ""},
		"a chart":             {step(apitype.OpCreate, "kubernetes:helm.sh/v4:Chart", map[string]any{"chart": "metallb"}), ""},
		"another event":       {events.EngineEvent{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if o := created(c.event); o != nil {
				got = cluster.Name(o).String()
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// Lists of named items are compared item by item. Unknown values are printed as such.
func TestDifferences(t *testing.T) {
	object := func(text string) (o any) {
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			t.Fatal(err)
		}
		return o
	}
	for _, c := range []struct{ before, after, want string }{
		{`{"a": 1, "b": {"c": [1, 2]}}`, `{"a": 1, "b": {"c": [1, 2]}}`, ""},
		{`{"a": 1}`, `{"a": 2, "b": true}`, "a: 1 → 2; b: (none) → true"},
		{`{"ports": [{"name": "http", "port": 80}]}`, `{"ports": [{"name": "http", "port": 8080}]}`, "ports.http.port: 80 → 8080"},
		{`{"ports": [{"port": 80}]}`, `{"ports": [{"port": 81}]}`, `ports: [{"port":80}] → [{"port":81}]`},
		{`{"image": "old"}`, `{"image": "` + unknown + `"}`, `image: "old" → "(known after other objects are created)"`},
	} {
		if got := strings.Join(differences("", object(c.before), object(c.after)), "; "); got != c.want {
			t.Errorf("%s and %s: %q, want %q", c.before, c.after, got, c.want)
		}
	}
}
