package site

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// Preflight renders a chart only if its objects may differ from those of the last up.
func TestUnchangedChartIsNotRenderedAgain(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "metallb")
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		testfile.Write(t, filepath.Join(folder, name), text)
	}
	write("Chart.yaml", "name: metallb")
	speaker := object("apps/v1", "DaemonSet", "metallb-system", "metallb-speaker")
	speaker["spec"] = map[string]any{"password": "chestnut"}
	cluster := newKitchen(t)

	first := &engine{chart: []any{speaker}}
	if err := cluster.stack(t).set("metallb.chart.path", folder).whole(first); err != nil {
		t.Fatal(err)
	}
	kept := first.one(t, stashType, renderedStash).revealed["input"].(string)
	if len(first.rendered) != 1 || !strings.Contains(kept, "metallb-speaker") || strings.Contains(kept, "chestnut") {
		t.Errorf("%d charts are rendered, and the state keeps %s", len(first.rendered), kept)
	}

	again := func(key, value string) *engine {
		t.Helper()
		e := &engine{chart: []any{speaker}, state: has(stashType, renderedStash, map[string]any{"output": kept})}
		if err := cluster.stack(t).set("metallb.chart.path", folder).set(key, value).whole(e); err != nil {
			t.Fatal(err)
		}
		return e
	}
	unchanged := again("metallb.pool", "pool-2")
	if len(unchanged.rendered) != 0 || !cluster.requested("/apis/apps/v1/namespaces/metallb-system/daemonsets/metallb-speaker") {
		t.Error("the chart is rendered again, or its objects are not read from the cluster")
	}
	if got := unchanged.one(t, stashType, renderedStash).revealed["input"]; got != kept {
		t.Errorf("the state keeps %v, not %s", got, kept)
	}
	for name, change := range map[string]func() (key, value string){
		"an option":             func() (string, string) { return "metallb.namespace", "lan" },
		"the chart":             func() (string, string) { write("values.yaml", "speaker: {}"); return "metallb.pool", "pool-2" },
		"Kubernetes":            func() (string, string) { cluster.minor = "35"; return "metallb.pool", "pool-2" },
		"the list in the state": func() (string, string) { kept = "[1]"; return "metallb.pool", "pool-2" },
	} {
		before := kept
		if e := again(change()); len(e.rendered) != 1 {
			t.Errorf("%s differs, and %d charts are rendered", name, len(e.rendered))
		}
		kept, cluster.minor = before, ""
		_ = os.Remove(filepath.Join(folder, "values.yaml")) // only one of the changes creates it
	}
}
