package site

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"hankki/internal/testfile"
)

// update writes the golden manifests: `make golden`.
var update = flag.Bool("update", false, "write the golden manifests instead of comparing with them")

// TestGoldenManifests compares what each stack registers with the manifests in testdata, so that a review shows the effect
// of a Go change on the YAML. Secrets are hidden; a name that Pulumi generates ends in "generated".
func TestGoldenManifests(t *testing.T) {
	for name, s := range map[string]settings{
		"platform": asPlatform(),
		"site":     shipped(t, "onprem").asSite(),
		"dev":      shipped(t, "dev"),
		"onprem":   shipped(t, "onprem"),
		"everything": shipped(t, "onprem").allOn().inS3("https://s3.example.com").https("tls.secretName", "site-certificate").
			set("frontend.apiMode", "proxy").set("monitoring.runbookUrl", "https://git.example.com/hankki/docs/operations.md").
			set("database.sslMode", "verify-full").set("database.secretName", "postgres-ca"),
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("internal", "site", "testdata", name+".golden.yaml")
			got := manifests(t, s.deployed(t))
			if *update {
				testfile.Write(t, file, got)
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("%v: `make golden` writes it", err)
			}
			if difference := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); difference != "" {
				t.Errorf("%s differs; if that is meant, `make golden` writes it:\n%s", file, difference)
			}
		})
	}
}

// manifests returns the inputs of all resources, sorted by URN. Components and providers are excluded, because they have
// no inputs that reach a cluster, and Stashes, because their input differs in each run.
func manifests(t *testing.T, e *engine) string {
	t.Helper()
	all := slices.DeleteFunc(e.all(""), func(r registration) bool {
		return strings.HasPrefix(r.typ, componentPrefix) || strings.HasPrefix(r.typ, providerPrefix) || r.typ == stashType || r.typ == "pulumi:pulumi:Stack"
	})
	slices.SortFunc(all, func(a, b registration) int { return strings.Compare(a.urn, b.urn) })
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, r := range all {
		inputs, err := json.Marshal(r.inputs)
		if err != nil {
			t.Fatal(err)
		}
		document, err := yaml.JSONToYAML(generatedName.ReplaceAll(inputs, []byte(`-generated"`)))
		if err != nil {
			t.Fatal(err)
		}
		_, kind, _ := strings.Cut(r.urn, "::hankki::")
		fmt.Fprintf(&text, "# %s\n%s---\n", kind, strings.ReplaceAll(string(document), folder, "."))
	}
	return text.String()
}
