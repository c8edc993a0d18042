package stack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hankki/internal/stacktest"
)

const deployment = `{
  "manifest": {"time": "2026-01-02T03:04:05Z"},
  "resources": [
    {"urn": "urn:pulumi:dev::hankki::pulumi:pulumi:Stack::hankki-dev", "type": "pulumi:pulumi:Stack", "outputs": {"redisHost": "10.96.0.1"}},
    {"urn": "urn:pulumi:dev::hankki::pulumi:providers:kubernetes::cluster", "type": "pulumi:providers:kubernetes", "custom": true,
     "id": "x", "inputs": {"context": "lab"}},
    {"urn": "urn:pulumi:dev::hankki::pulumi:index:Stash::cluster", "type": "pulumi:index:Stash", "custom": true, "id": "y",
     "outputs": {"output": "1234"}},
    {"urn": "urn:pulumi:dev::hankki::pulumi:index:Stash::database-password", "type": "pulumi:index:Stash", "custom": true, "id": "z"},
    {"urn": "urn:pulumi:dev::hankki::hankki:components:Image::redis", "type": "hankki:components:Image",
     "outputs": {"ref": "registry/redis@sha256:1"}},
    {"urn": "urn:pulumi:dev::hankki::hankki:components:Redis$kubernetes:core/v1:PersistentVolumeClaim::redis",
     "type": "kubernetes:core/v1:PersistentVolumeClaim", "custom": true, "id": "hankki/redis", "retainOnDelete": true,
     "outputs": {"apiVersion": "v1", "kind": "PersistentVolumeClaim"}},
    {"urn": "urn:pulumi:dev::hankki::hankki:components:MetalLB$kubernetes:metallb.io/v1beta1:IPAddressPool::pool",
     "type": "kubernetes:metallb.io/v1beta1:IPAddressPool", "custom": true, "id": "metallb-system/pool",
     "inputs": {"apiVersion": "metallb.io/v1beta1", "kind": "IPAddressPool", "spec": {"number": 12345678901234567890}}}
  ]
}`

func TestState(t *testing.T) {
	s, err := Parse(json.RawMessage(deployment))
	if err != nil {
		t.Fatal(err)
	}
	var objects []string
	for _, o := range s.Objects() {
		objects = append(objects, o.String())
	}
	if want := []string{"PersistentVolumeClaim hankki/redis", "IPAddressPool metallb-system/pool"}; !slices.Equal(objects, want) {
		t.Errorf("objects %v, want %v", objects, want)
	}
	if got := s.Images(); !slices.Equal(got, []string{"registry/redis@sha256:1"}) {
		t.Errorf("images %v", got)
	}
	if got := s.Output("redisHost"); got != "10.96.0.1" || s.Output("other") != nil {
		t.Errorf("output %v, and %v of another name", got, s.Output("other"))
	}
	if got := s.ClusterUID(); got != "1234" {
		t.Errorf("cluster %q", got)
	}
	if got, found := s.KubeContext(); got != "lab" || !found {
		t.Errorf("context %q, %t", got, found)
	}
	if got := s.Stashes(); len(got) != 2 || !strings.HasSuffix(got[1], "::database-password") {
		t.Errorf("stashes %v", got)
	}
	claim, pool := s.Resources[5], s.Resources[6]
	if !pool.Inside("hankki:components:MetalLB") || claim.Inside("hankki:components:MetalLB") || claim.Name() != "redis" {
		t.Errorf("%s has the wrong component", pool.URN)
	}
}

// Retain changes one field of one resource, and nothing else in the state.
func TestRetain(t *testing.T) {
	s, err := Parse(json.RawMessage(deployment))
	if err != nil {
		t.Fatal(err)
	}
	if s.Resources[5].Retain() {
		t.Error("a retained claim is reported as changed")
	}
	if !s.Resources[6].Retain() {
		t.Error("a pool that was not retained is not reported as changed")
	}
	got, err := json.Marshal(s.document)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(deployment, `"id": "metallb-system/pool",`, `"id": "metallb-system/pool", "retainOnDelete": true,`, 1)
	if string(got) != canonical(t, want) {
		t.Errorf("the state becomes\n%s\nwant\n%s", got, canonical(t, want))
	}
}

// canonical returns the JSON with sorted keys and unchanged numbers.
func canonical(t *testing.T, text string) string {
	t.Helper()
	s, err := Parse(json.RawMessage(text))
	if err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(s.document)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestInvalidStateIsAnError(t *testing.T) {
	for text, message := range map[string]string{`{`: "not JSON", `{"resources": [1]}`: "resource 1 is not an object"} {
		_, err := Parse(json.RawMessage(text))
		stacktest.CheckError(t, err, message)
	}
	if s, err := Parse(json.RawMessage(`{}`)); err != nil || len(s.Resources) > 0 {
		t.Errorf("an empty state: %v, %v", s, err)
	}
}

func TestOwnerIsReadWithoutItsStash(t *testing.T) {
	const object = `{"urn": "urn:pulumi:dev::hankki::kubernetes:core/v1:Service::%s", "type": "kubernetes:core/v1:Service", "custom": true, "id": "hankki/x",
		"outputs": {"metadata": {"annotations": {"hankki/owner-id": %q}}}}`
	const stash = `{"urn": "urn:pulumi:dev::hankki::pulumi:index:Stash::owner", "type": "pulumi:index:Stash", "custom": true, "id": "y", "outputs": {"output": "1"}}`
	for want, resources := range map[string][]string{
		"":  {fmt.Sprintf(object, "adopted", "by-name")},
		"1": {fmt.Sprintf(object, "moved", "2"), stash},
		"2": {fmt.Sprintf(object, "adopted", "by-name"), fmt.Sprintf(object, "moved", "2")},
	} {
		t.Run(fmt.Sprintf("owner %q", want), func(t *testing.T) {
			s, err := Parse(json.RawMessage(`{"resources": [` + strings.Join(resources, ",") + `]}`))
			if err != nil {
				t.Fatal(err)
			}
			if got := s.OwnerID(); got != want {
				t.Errorf("the owner is %q, want %q", got, want)
			}
		})
	}
}

// UIDs distinguish the state's objects from recreated ones with the same name.
func TestUIDs(t *testing.T) {
	s, err := Parse(json.RawMessage(`{"resources": [
		{"type": "kubernetes:core/v1:Namespace", "id": "hankki", "outputs": {"metadata": {"uid": "1"}}},
		{"type": "kubernetes:core/v1:Service", "outputs": {"metadata": {}}}, {"type": "pulumi:index:Stash", "outputs": {"output": "2"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.UIDs(); len(got) != 1 || !got["1"] {
		t.Errorf("UIDs: %v", got)
	}
}
