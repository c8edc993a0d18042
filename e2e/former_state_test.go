package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// formerState is the state that the program of commit e63dba3 wrote for the stack dev. Secrets are placeholders; the schemas of
// CustomResourceDefinitions are cut out.
const formerState = "testdata/state-e63dba3.json"

// checkFormerState gives the deployed stack dev the state and the annotations of an earlier version of the program. Preview and up
// replace nothing but the migration Job, which is immutable and changes with the image.
func checkFormerState(t *testing.T, l lab, s stack, output io.Writer) {
	c := signUp(t, l)
	former, added := formerStateOf(t, l, s.resources(t))
	for _, r := range s.resources(t) {
		switch kind, name, isObject := objectOf(r); {
		case !isObject:
		case added[r.URN]:
			l.kubectl(t, append([]string{"delete", kind}, name...)...)
		default:
			l.kubectl(t, append(append([]string{"annotate", kind}, name...), "hankki/owner-", "hankki/owner-id-")...)
		}
	}
	former.Deployment = withSecretsProvider(t, former.Deployment, s)
	if err := s.Import(t.Context(), former); err != nil {
		t.Fatal(err)
	}

	preview, err := s.Preview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := preview.ChangeSummary
	// Resources that e63dba3 did not have are created. The migration Job is replaced.
	most := map[apitype.OpType]int{apitype.OpSame: 100, apitype.OpUpdate: 100, apitype.OpCreate: len(added), apitype.OpReplace: 1}
	for operation, n := range got {
		if n > most[operation] {
			t.Errorf("preview: %d x %s, want at most %d:\n%s", n, operation, most[operation], preview.StdOut)
		}
	}
	if got[apitype.OpUpdate]+got[apitype.OpSame] < 60 {
		t.Errorf("preview: only %d resources are updated and %d unchanged", got[apitype.OpUpdate], got[apitype.OpSame])
	}

	for object, operation := range s.up(t, output) {
		if strings.Contains(operation, "replace") && !strings.HasPrefix(object, "kubernetes:batch/v1:Job ") || operation == "delete" {
			t.Errorf("up: %s %s", operation, object)
		}
	}
	if owner := l.annotation(t, "hankki/owner")["Deployment hankki/backend"]; owner != "hankki/dev" {
		t.Errorf("the Deployment backend carries the owner %q", owner)
	}
	eventually(t, 30*time.Second, func() string { return unless(c.logIn(t), "200") })
}

// formerStateOf returns the former state with the generated names of the deployed objects, and the deployed resources that it
// lacks. It creates the former state's Secrets, because Secrets are immutable.
func formerStateOf(t *testing.T, l lab, living []apitype.ResourceV3) (apitype.UntypedDeployment, map[resource.URN]bool) {
	t.Helper()
	text, err := os.ReadFile(formerState)
	if err != nil {
		t.Fatal(err)
	}
	var state apitype.UntypedDeployment
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	var deployment apitype.DeploymentV3
	if err := json.Unmarshal(state.Deployment, &deployment); err != nil {
		t.Fatal(err)
	}
	resources := map[resource.URN]apitype.ResourceV3{}
	for _, r := range deployment.Resources {
		resources[r.URN] = r
	}
	added := map[resource.URN]bool{}
	var renames []string
	for _, r := range living {
		former, known := resources[r.URN]
		switch _, _, isObject := objectOf(r); {
		case !known:
			added[r.URN] = true
		case !isObject || former.ID == r.ID:
		case r.Type == "kubernetes:core/v1:Secret":
			l.create(t, secretOf(t, former))
			t.Cleanup(func() {
				l.kubectl(t, "delete", "secret", "-n", "hankki", filepath.Base(string(r.ID)), "--ignore-not-found")
			})
		default:
			renames = append(renames, filepath.Base(string(former.ID)), filepath.Base(string(r.ID)))
		}
	}
	state.Deployment = json.RawMessage(strings.NewReplacer(renames...).Replace(string(state.Deployment)))
	t.Logf("added since e63dba3: %v", slices.Sorted(maps.Keys(added)))
	return state, added
}

// secretOf returns the manifest of a Secret in a state.
func secretOf(t *testing.T, r apitype.ResourceV3) string {
	t.Helper()
	data, _ := r.Outputs["data"].(map[string]any)
	var values map[string]string
	if err := json.Unmarshal([]byte(fmt.Sprint(data["plaintext"])), &values); err != nil {
		t.Fatalf("%s: %v", r.URN, err)
	}
	metadata, _ := r.Outputs["metadata"].(map[string]any)
	manifest, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "Secret", "type": r.Outputs["type"], "immutable": r.Outputs["immutable"], "data": values,
		"metadata": map[string]any{"name": metadata["name"], "namespace": metadata["namespace"], "labels": metadata["labels"]},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(manifest)
}

// objectOf returns kubectl's arguments for the object of a resource, if the resource is a Kubernetes object.
func objectOf(r apitype.ResourceV3) (kind string, name []string, isObject bool) {
	module, is := strings.CutPrefix(string(r.Type), "kubernetes:")
	if !is || r.ID == "" {
		return "", nil, false
	}
	apiVersion, kind, _ := strings.Cut(module, ":")
	if group, _, named := strings.Cut(apiVersion, "/"); named && group != "core" {
		kind += "." + group
	}
	if namespace, base, namespaced := strings.Cut(string(r.ID), "/"); namespaced {
		return kind, []string{base, "-n", namespace}, true
	}
	return kind, []string{string(r.ID)}, true
}

// withSecretsProvider sets the secrets provider of the state to that of the stack that imports it.
func withSecretsProvider(t *testing.T, state json.RawMessage, s stack) json.RawMessage {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(s.folder, "Pulumi.dev.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	salt := regexp.MustCompile(`(?m)^encryptionsalt: (\S+)$`).FindSubmatch(file)
	if salt == nil {
		t.Fatal("the stack has no salt")
	}
	var deployment map[string]any
	if err := json.Unmarshal(state, &deployment); err != nil {
		t.Fatal(err)
	}
	deployment["secrets_providers"] = map[string]any{"type": "passphrase", "state": map[string]any{"salt": string(salt[1])}}
	encoded, err := json.Marshal(deployment)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}
