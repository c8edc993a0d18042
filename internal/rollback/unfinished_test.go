package rollback

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"hankki/internal/cluster"
	"hankki/internal/clustertest"
	"hankki/internal/history"
	"hankki/internal/stack"
	"hankki/internal/stacktest"
)

// stateWith returns a state with that image of the API.
func stateWith(t *testing.T, image string) *stack.State {
	t.Helper()
	resources := ""
	if image != "" {
		resources = fmt.Sprintf(`{"urn": "urn:pulumi:onprem::hankki::hankki:components:Backend$hankki:components:Image::backend", "type": "hankki:components:Image", "outputs": {"ref": %q}}`, image)
	}
	state, err := stack.Parse(json.RawMessage(`{"resources": [` + resources + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// A killed pulumi leaves no update in a local backend's history.
func TestChoiceAfterAKilledUpdate(t *testing.T) {
	updates := []history.Update{update(2, "b", "", nil), update(1, "a", "", nil)}
	for name, row := range map[string]struct {
		state, used string // image of the API
		to, want    int
	}{
		"a killed up":                        {"c", "", 0, 2},
		"a killed up, and a named release":   {"c", "", 2, 2},
		"a killed rollback":                  {"a", "a", 0, 1},
		"a killed up of promoted images":     {"p", "p", 0, 2},
		"no killed update":                   {"b", "", 0, 1},
		"no killed update, with images.use":  {"b", "b", 0, 1},
		"images.use that is not deployed":    {"b", "p", 0, 1},
		"a state of a version without image": {"", "", 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			used := map[string]string{}
			if row.used != "" {
				used["backend"] = row.used
			}
			got, err := choose(withKilled(updates, stateWith(t, row.state), used), row.to)
			if err != nil || got.Version != row.want {
				t.Errorf("release %d, error %v; want %d", got.Version, err, row.want)
			}
		})
	}
	if got := withKilled(nil, stateWith(t, "a"), nil); len(got) != 0 {
		t.Errorf("without a history: %v", got)
	}
}

const migrationPod = `apiVersion: v1
kind: Pod
metadata: {name: %[1]s-x, namespace: hankki, labels: {batch.kubernetes.io/job-name: %[1]s}}
status: {containerStatuses: [{name: release, state: {terminated: {exitCode: %[2]d, message: '%[3]s'}}}]}
`

// The migrations of a failed update stay in the database. A release before them is refused.
func TestContractOfAFailedUpdate(t *testing.T) {
	report := `{"revision": "0011", "head": "0011", "contracts": {"0011": "0009"}}`
	pod := func(job string, code int) string { return fmt.Sprintf(migrationPod, job, code, report) }
	for name, row := range map[string]struct {
		pods     []string
		refusals []string
	}{
		"a contraction":                {[]string{pod("backend-release-1", 0)}, []string{"migration 0011", "contract: 0009", "release 2 has revision 0008"}},
		"a second pod":                 {[]string{pod("backend-release-1", 1), strings.Replace(pod("backend-release-1", 0), "-x,", "-y,", 1)}, []string{"migration 0011"}},
		"a Job that failed":            {[]string{pod("backend-release-1", 1)}, nil},
		"a pod of another Job":         {[]string{pod("backup-1", 0)}, nil},
		"a pod that no longer exists":  {nil, nil},
		"a migration without a report": {[]string{strings.Replace(pod("backend-release-1", 0), report, "", 1)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := clustertest.New(t, strings.Join(row.pods, "---\n"))
			job := cluster.Object{Kind: cluster.PodKind.GroupVersion().WithKind("Job"), Namespace: "hankki", Name: "backend-release-1"}
			schema, err := reported(t.Context(), client, job)
			if err != nil {
				t.Fatal(err)
			}
			target := update(2, "b", "0008", nil)
			newest := failed(3)
			newest.Schema = schema
			stacktest.CheckError(t, contract([]history.Update{newest, target}, target), row.refusals...)
		})
	}
}
