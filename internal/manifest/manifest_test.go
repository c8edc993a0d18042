package manifest

import (
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	all := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// List items are compared by name; a different order is a difference.
func TestCompare(t *testing.T) {
	for name, c := range map[string]struct{ before, after, want string }{
		"the same":             {"{a: [{name: x, v: 1}]}", "{a: [{name: x, v: 1}]}", ""},
		"a named item":         {"{a: [{name: x, v: 1}, {name: z, v: 1}]}", "{a: [{name: x, v: 1}, {name: z, v: 2}]}", "a[z].v: 1 → 2"},
		"an additional item":   {"{a: [{name: x}]}", "{a: [{name: w}, {name: x}]}", `a[w]: none → {"name":"w"}`},
		"another order":        {"{a: [{name: x}, {name: z}]}", "{a: [{name: z}, {name: x}]}", "a[order]: x, z → z, x"},
		"items without a name": {"{a: [1, 2]}", "{a: [1, 3]}", "a[1]: 2 → 3"},
		"a key with a dot":     {"{metadata: {labels: {a.b/c: x}}}", "{metadata: {labels: {a.b/c: z}}}", "metadata.labels[a.b/c]: x → z"},
		"a removed field":      {"{a: 1, b: 2}", "{a: 1}", "b: 2 → none"},
		"another kind":         {"{a: {b: 1}}", "{a: [1]}", `a: {"b":1} → [1]`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(Lines(Compare(object(t, c.before), object(t, c.after))), "; "); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// The plugin replaces an object if an immutable field changes.
func TestReplacing(t *testing.T) {
	for after, replaced := range map[string]bool{
		"{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {replicas: 2}}":                     false,
		"{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {selector: {matchLabels: {a: b}}}}": true,
		"{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {selectors: 1}}":                    false,
		"{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: {spec: {x: 1}}}}":              true,
		"{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {a: b}}":                                     false,
		"{apiVersion: v1, kind: Secret, metadata: {name: a}, immutable: true, data: {a: b}}":                    true,
		"{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {storageClassName: x}}":       true,
		"{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {resources: 1}}":              false,
		"{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: a}, roleRef: {a: b}}":   true,
	} {
		t.Run(after, func(t *testing.T) {
			is := object(t, after)
			was := object(t, after)
			delete(was, "spec")
			delete(was, "data")
			delete(was, "roleRef")
			var fields []Field
			for _, f := range Compare(was, is) { // in the form of the fields below
				m, isMap := f.New.(map[string]any)
				if !isMap {
					fields = append(fields, f)
					continue
				}
				fields = append(fields, Compare(map[string]any{f.Path: map[string]any{}}, map[string]any{f.Path: m})...)
			}
			if got := Replacing(Resource{Object: is}, fields); (len(got) > 0) != replaced {
				t.Errorf("%v of %v", got, fields)
			}
		})
	}
}

// Different content of a Secret with a generated name gives another name in the pod templates that use it, and only there.
func TestPin(t *testing.T) {
	deployment := Resource{Object: object(t, `{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: n}, spec: {template: {spec: {
		containers: [{name: c, env: [{name: K, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: L, valueFrom: {secretKeyRef: {name: other, key: k}}}]}],
		volumes: [{name: v, secret: {secretName: s}}]}}}}`)}
	secret := func(value string) Resource {
		return Resource{Object: object(t, "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: n, annotations: {pulumi.com/autonamed: 'true'}}, data: {k: '"+value+"'}}")}
	}
	one, other := Pin([]Resource{deployment, secret("x")})[0], Pin([]Resource{deployment, secret("y")})[0]
	paths := []string{}
	for _, f := range Compare(one.Object, other.Object) {
		paths = append(paths, f.Path)
	}
	want := []string{"spec.template.spec.containers[c].env[K].valueFrom.secretKeyRef.name", "spec.template.spec.volumes[v].secret.secretName"}
	if !slices.Equal(paths, want) {
		t.Errorf("%v, want %v", paths, want)
	}
}

func TestTier(t *testing.T) {
	for urn, tier := range map[string]string{
		"urn:pulumi:dev::hankki::hankki:components:Backend$kubernetes:apps/v1:Deployment::backend": "Backend",
		"urn:pulumi:dev::hankki::kubernetes:core/v1:Namespace::hankki":                             "Stack",
	} {
		t.Run(urn, func(t *testing.T) {
			if got := (Resource{URN: urn}).Tier(); got != tier {
				t.Error(got)
			}
		})
	}
}
