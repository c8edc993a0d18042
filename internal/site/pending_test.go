package site

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// formerState is a state written by e63dba3, the version without owners.
const formerState = "e2e/testdata/state-e63dba3.json"

// exports makes `pulumi stack export` print a state.
func exports(t *testing.T, state string) {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{"state.json": state, "pulumi": "#!/bin/sh\nexec cat \"${0%/*}/state.json\"\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// If an up of e63dba3 replaced the site after a change of hankki:namespace and was interrupted, its state contains pending
// deletions. They would delete objects of the next up, and the data. Both are rejected.
func TestPendingDeletionsOfEarlierVersionAreRejected(t *testing.T) {
	for name, row := range map[string]struct {
		replaced  string // part of the URNs of replaced resources
		namespace string // of the replacing site
		retained  bool
		owned     bool // this version has deployed since
		want      []string
	}{
		"nothing was replaced": {replaced: "none", namespace: "hankki"},
		"set back": {replaced: "kubernetes:", namespace: "hankki", want: []string{"earlier version has left deletions",
			"PersistentVolumeClaim hankki/postgres, which the stack wants", "Namespace hankki, which", "Deployment hankki/backend, which", "Service hankki/frontend, which",
			"IPAddressPool metallb-system/address-pool, which", "pulumi stack import", "select(.delete)"}},
		"interrupted change of namespace": {replaced: "::hankki", namespace: "kitchen", want: []string{"Namespace hankki, with its contents"}},
		"the data only":                   {replaced: "PersistentVolumeClaim::postgres", namespace: "kitchen", want: []string{"PersistentVolumeClaim hankki/postgres, with its contents"}},
		"an object without data":          {replaced: "Service::redis", namespace: "kitchen"},
		"retained on delete":              {replaced: "PersistentVolumeClaim::postgres", namespace: "hankki", retained: true},
		"deployed since":                  {replaced: "none", namespace: "hankki", owned: true},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := newKitchen(t)
			export, current := interrupted(t, row.replaced, row.namespace, row.retained)
			if row.owned {
				export = "asking for it is a needless half second"
				maps.Copy(current, has("pulumi:index:Stash", "owner", map[string]any{"output": "1"}))
			}
			exports(t, export)
			cluster.bodies = map[string]string{
				"/api/v1/namespaces/kitchen/services/backend": lanService("10.0.0.3"), "/api/v1/namespaces/kitchen/services/frontend": lanService("10.0.0.4"),
			}
			e := &engine{state: current}
			s := cluster.stack(t).set("database", map[string]any{"embedded": true}).set("namespace", row.namespace)
			expectRefusal(t, e, s.whole(e), row.want)
		})
	}
}

// If pending deletions cannot be read, nothing may be deleted.
func TestUnreadablePendingDeletionsAreAnError(t *testing.T) {
	cluster := newKitchen(t)
	exports(t, "no JSON")
	e := &engine{state: has(redisType, "redis", object("v1", "Service", "hankki", "redis"))}
	expectRefusal(t, e, cluster.stack(t).whole(e), []string{"left deletions in the state is not known", "can't be read"})
}

// interrupted returns the former state, as exported and as the engine returns it, in which resources were replaced by
// others in namespace.
func interrupted(t *testing.T, replaced, namespace string, retained bool) (export string, current map[string]any) {
	t.Helper()
	text, err := os.ReadFile(formerState)
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Deployment struct {
			Resources []map[string]any `json:"resources"`
		} `json:"deployment"`
	}
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	current = map[string]any{}
	for _, r := range state.Deployment.Resources {
		urn := r["urn"].(string)
		outputs, _ := r["outputs"].(map[string]any)
		metadata, isObject := outputs["metadata"].(map[string]any)
		if !isObject {
			continue
		}
		if strings.Contains(urn, replaced) {
			r["delete"], r["retainOnDelete"] = true, retained
		}
		name := maps.Clone(metadata)
		if name["namespace"] == "hankki" {
			name["namespace"] = namespace
		}
		if r["id"] == "hankki" {
			name["name"] = namespace
		}
		current[strings.Replace(urn, ":dev::", ":onprem::", 1)] = map[string]any{
			"type": r["type"], "outputs": map[string]any{"apiVersion": outputs["apiVersion"], "kind": outputs["kind"], "metadata": name},
		}
	}
	out, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	return string(out), current
}
