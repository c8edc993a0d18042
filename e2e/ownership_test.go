package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// checkOwners fails the test unless every object of the stack has the owner annotation, charts' objects included.
func checkOwners(t *testing.T, l lab, s stack) {
	t.Helper()
	owners := l.annotation(t, "hankki/owner")
	objects := 0
	for _, r := range s.resources(t) {
		if !strings.HasPrefix(string(r.Type), "kubernetes:") || r.ID == "" {
			continue
		}
		objects++
		kind := string(r.Type)[strings.LastIndex(string(r.Type), ":")+1:]
		if owner := owners[kind+" "+string(r.ID)]; owner != "hankki/onprem" {
			t.Errorf("%s %s has the owner %q", kind, r.ID, owner)
		}
	}
	if objects < 40 {
		t.Errorf("only %d objects are in the state", objects)
	}
}

// annotation returns the value of an annotation of every object, by "Kind namespace/name".
func (l lab) annotation(t *testing.T, key string) map[string]string {
	t.Helper()
	kinds := strings.Join(strings.Fields(l.kubectl(t, "api-resources", "--verbs=list", "-o", "name")), ",")
	out := l.kubectl(t, "get", kinds, "-A", "--ignore-not-found", "-o",
		fmt.Sprintf(`go-template={{range .items}}{{.kind}} {{with .metadata.namespace}}{{.}}/{{end}}{{.metadata.name}}	{{with .metadata.annotations}}{{with index . %q}}{{.}}{{end}}{{end}}{{"\n"}}{{end}}`, key))
	found := map[string]string{}
	for line := range strings.Lines(out) {
		object, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		found[object] = value
	}
	return found
}

// resources returns the resources of the stack's state.
func (s stack) resources(t *testing.T) []apitype.ResourceV3 {
	t.Helper()
	exported, err := s.Export(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var deployment apitype.DeploymentV3
	if err := json.Unmarshal(exported.Deployment, &deployment); err != nil {
		t.Fatal(err)
	}
	return deployment.Resources
}

// checkSecondStack deploys another stack with the same object names. It is refused before anything changes.
func checkSecondStack(t *testing.T, l lab) {
	second := stage(t, l, "dev")
	before := l.versions(t)
	printed := second.upError(t, io.Discard)
	expectOutput(t, printed, "Namespace hankki: belongs to the stack hankki/onprem", "Deployment hankki/backend: belongs to", "IPAddressPool metallb-system/address-pool: belongs to",
		"CustomResourceDefinition ipaddresspools.metallb.io: belongs to", "make adopt STACK=dev", "hankki:namespace")
	if after := l.versions(t); !maps.Equal(before, after) {
		t.Errorf("objects changed:\n%v\n%v", before, after)
	}
	for _, r := range second.resources(t) {
		if strings.HasPrefix(string(r.Type), "kubernetes:") {
			t.Errorf("%s is in the state of the refused stack", r.URN)
		}
	}
}

// versions returns the resource versions of the objects that a second stack would write, without kinds that controllers update.
func (l lab) versions(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for line := range strings.Lines(l.kubectl(t, "get", "namespaces,services,networkpolicies,secrets,configmaps,ipaddresspools,l2advertisements,clusterroles", "-A", "-o",
		`go-template={{range .items}}{{.kind}} {{.metadata.namespace}}/{{.metadata.name}} {{.metadata.resourceVersion}}{{"\n"}}{{end}}`)) {
		object, version, _ := strings.Cut(strings.TrimSpace(line), " ")
		found[object] = version
	}
	return found
}

// checkNamespaceRefused changes the namespace of the deployed site, which is refused, and reverts it, which changes nothing.
func checkNamespaceRefused(t *testing.T, l lab, s stack, output io.Writer) {
	s.set(t, "namespace", "kitchen")
	expectOutput(t, s.upError(t, output), "namespace hankki, now kitchen in the configuration", "Deployment backend", "hankki:namespace")
	s.unset(t, "namespace")
	if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
		t.Errorf("changed: %v", got)
	}
	if out := l.kubectl(t, "get", "namespaces", "-o", "name"); strings.Contains(out, "kitchen") {
		t.Error("the namespace kitchen was created")
	}
}

// checkOtherCluster writes another cluster's UID into the state. Up is refused.
func checkOtherCluster(t *testing.T, s stack, output io.Writer) {
	state, err := s.Export(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	uid := ""
	for _, r := range s.resources(t) {
		if r.Type == "pulumi:index:Stash" && r.URN.Name() == "cluster" {
			uid, _ = r.Outputs["output"].(string) // another type gives an empty text, which fails below
		}
	}
	if uid == "" {
		t.Fatal("the state has no cluster UID")
	}
	elsewhere := state
	elsewhere.Deployment = json.RawMessage(strings.ReplaceAll(string(state.Deployment), uid, "uid-of-the-bakery"))
	if err := s.Import(t.Context(), elsewhere); err != nil {
		t.Fatal(err)
	}
	expectOutput(t, s.upError(t, output), uid, "uid-of-the-bakery", "pulumi state delete 'urn:pulumi:onprem::hankki::pulumi:index:Stash::cluster'")
	if err := s.Import(t.Context(), state); err != nil {
		t.Fatal(err)
	}
}

// checkRename renames the stack and renames it back. Nothing is replaced, and the owner annotations have the new name.
func checkRename(t *testing.T, l lab, s stack, output io.Writer) {
	pods := restarts(t, l)
	for _, names := range [][2]string{{"onprem", "shop"}, {"shop", "onprem"}} {
		s.cli(t, output, "stack", "rename", names[1], "--stack", names[0])
		printed := s.cli(t, output, "up", "--stack", names[1], "--yes", "--skip-preview", "--suppress-progress")
		for _, word := range []string{"replace", "create", "delete"} {
			if strings.Contains(printed, word) {
				t.Errorf("after the rename to %s up prints %q:\n%s", names[1], word, printed)
			}
		}
		owners := l.annotation(t, "hankki/owner")
		for _, object := range []string{"Deployment hankki/backend", "Service hankki/backend", "Service hankki/frontend", "Service hankki/redis"} {
			if owners[object] != "hankki/"+names[1] {
				t.Errorf("after the rename to %s the owner of %s is %s", names[1], object, owners[object])
			}
		}
	}
	checkOwners(t, l, s)
	if after := restarts(t, l); after != pods {
		t.Errorf("pods were replaced: before\n%s\nafter\n%s", pods, after)
	}
}

// cli runs the Pulumi CLI in the stack's project and returns its output.
func (s stack) cli(t *testing.T, output io.Writer, args ...string) string {
	t.Helper()
	c := s.command(t, "pulumi", append(args, "--non-interactive")...)
	var printed strings.Builder
	c.Stdout = io.MultiWriter(&printed, output)
	c.Stderr = c.Stdout
	if err := c.Run(); err != nil {
		t.Fatalf("pulumi %s: %v", strings.Join(args, " "), err)
	}
	return printed.String()
}
