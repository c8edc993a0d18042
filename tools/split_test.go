package tools_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/review"
	"hankki/internal/testfile"
)

// `pulumi state move` takes the platform out of the state of a stack with the role all, as docs/operations.md (Split a stack) describes.
// An up with the role site then replaces and deletes nothing: it removes the namespace from the state, and the namespace stays.
func TestSplitDeletesNothing(t *testing.T) {
	p := newRenderedProject(t)
	shipped, all, site := filepath.Join(p.checkout, "Pulumi.onprem.yaml"), filepath.Join(t.TempDir(), "all.yaml"), filepath.Join(t.TempDir(), "site.yaml")
	testfile.Write(t, all, withSettings(t, shipped, map[string]any{"hankki:metricsServer": map[string]any{"install": true}}))
	testfile.Write(t, site, withSettings(t, shipped, map[string]any{"hankki:role": "site", "hankki:metallb": nil}))
	p.up(t, "onprem", all)
	p.pulumi(t, "stack", "init", "leftover")
	p.pulumi(t, append([]string{"state", "move", "--yes", "--source", "onprem", "--dest", "leftover"}, platformOf(t, p)...)...)
	p.pulumi(t, "stack", "rm", "leftover", "--yes", "--force")
	p.configure(t, "onprem", site)
	want := map[string]review.Op{"Namespace hankki": review.Left}
	if got := p.operations(t, "onprem"); !maps.Equal(got, want) {
		t.Errorf("the preview has %v, want %v", got, want)
	}
	p.pulumi(t, "up", "--stack", "onprem", "--yes", "--skip-preview", "--suppress-progress")
}

// platformOf returns the URNs of the components of the platform.
func platformOf(t *testing.T, p renderedProject) (urns []string) {
	t.Helper()
	var state struct {
		Deployment struct {
			Resources []struct{ URN string }
		}
	}
	if err := json.Unmarshal([]byte(p.pulumi(t, "stack", "export", "--stack", "onprem")), &state); err != nil {
		t.Fatal(err)
	}
	for _, r := range state.Deployment.Resources {
		if strings.Contains(r.URN, "::hankki:components:MetalLB::") || strings.Contains(r.URN, "::hankki:components:MetricsServer::") {
			urns = append(urns, r.URN)
		}
	}
	if len(urns) != 2 {
		t.Fatalf("the components of the platform are %q", urns)
	}
	return urns
}
