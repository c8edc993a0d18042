package site

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"sync"
	"testing"
)

// generatedName is the end of a name that the test engine generates, different in each run.
var generatedName = regexp.MustCompile(`-[0-9a-f]{8}"`)

// rolloutTimeout is Pulumi's time limit: changing it restarts no pod and runs no migration. In the cluster, only the
// migration Job's deadline follows it, which the Kubernetes plugin updates in place.
func TestRolloutTimeoutReplacesNoPod(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			stashes := &sync.Map{} // the first up generates the private certificate
			before := inputsWithTimeout(t, s, stashes, 600)
			for _, seconds := range []int{30, 3600} {
				after := inputsWithTimeout(t, s, stashes, seconds)
				if !slices.Equal(slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after))) {
					t.Errorf("with %d seconds other resources are made", seconds)
				}
				for urn, inputs := range after {
					if inputs != before[urn] {
						t.Errorf("with %d seconds %s is\n%s\nbefore\n%s", seconds, urn, inputs, before[urn])
					}
				}
			}
		})
	}
}

// inputsWithTimeout returns the inputs of every resource, without the deadline of the migration Job, which it checks.
func inputsWithTimeout(t *testing.T, s settings, stashes *sync.Map, seconds int) map[string]string {
	t.Helper()
	e, found := s.set("rolloutTimeout", seconds).deployedAfter(t, stashes), map[string]string{}
	match(t, e.one(t, jobType, "backend-release"), map[string]any{"spec.activeDeadlineSeconds": seconds + 30})
	for _, r := range e.all("") {
		if r.typ == jobType {
			delete(at(r.inputs, "spec").(map[string]any), "activeDeadlineSeconds")
		}
		text, err := json.Marshal(r.inputs)
		if err != nil {
			t.Fatal(err)
		}
		found[r.urn] = generatedName.ReplaceAllString(string(text), `-generated"`)
	}
	return found
}
