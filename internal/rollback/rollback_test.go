package rollback

import (
	"strings"
	"testing"

	"hankki/internal/history"
	"hankki/internal/release"
	"hankki/internal/stacktest"
)

// update is a release with that image of the API, whose code knows the revision head.
func update(version int, image, head string, contracts map[string]string) history.Update {
	u := history.Update{Version: version, Result: history.Succeeded, Schema: release.Schema{Head: head, Contracts: contracts}}
	if image != "" {
		u.Images = map[string]string{"backend": image}
	}
	return u
}

func failed(version int) history.Update { return history.Update{Version: version, Result: "failed"} }

// rolledBack is the update with the message of a rollback to release 1.
func rolledBack(u history.Update) history.Update {
	u.Message = message(1)
	return u
}

func TestChoice(t *testing.T) {
	for name, row := range map[string]struct {
		updates []history.Update
		to      int
		want    int    // version; 0: refused
		words   string // of the refusal
	}{
		"the release before":                    {[]history.Update{update(3, "c", "", nil), update(2, "b", "", nil), update(1, "a", "", nil)}, 0, 2, ""},
		"another one":                           {[]history.Update{update(3, "c", "", nil), update(2, "b", "", nil), update(1, "a", "", nil)}, 1, 1, ""},
		"an update without a change is skipped": {[]history.Update{update(3, "b", "", nil), update(2, "b", "", nil), update(1, "a", "", nil)}, 0, 1, ""},
		"the last release after a failure":      {[]history.Update{failed(4), failed(3), update(2, "b", "", nil), update(1, "a", "", nil)}, 0, 2, ""},
		"a named one after a failure":           {[]history.Update{failed(3), update(2, "b", "", nil), update(1, "a", "", nil)}, 2, 2, ""},
		"a failed rollback again":               {[]history.Update{rolledBack(failed(3)), update(2, "b", "", nil), update(1, "a", "", nil)}, 0, 1, ""},
		"a failed rollback, and a failed up":    {[]history.Update{failed(4), rolledBack(failed(3)), update(2, "b", "", nil), update(1, "a", "", nil)}, 0, 1, ""},
		"a failed rollback, then a named one":   {[]history.Update{rolledBack(failed(3)), update(2, "b", "", nil), update(1, "a", "", nil)}, 2, 2, ""},
		"a failed rollback, then a release":     {[]history.Update{failed(5), update(4, "b", "", nil), rolledBack(failed(3)), update(2, "b", "", nil), update(1, "a", "", nil)}, 0, 4, ""},
		"a rollback that succeeded":             {[]history.Update{rolledBack(update(3, "a", "", nil)), update(2, "b", "", nil), update(1, "a", "", nil)}, 0, 2, ""},
		"a failed update of another message":    {[]history.Update{{Version: 3, Result: "failed", Message: "rollback to release one"}, update(2, "b", "", nil), update(1, "a", "", nil)}, 0, 2, ""},
		"no update":                             {nil, 0, 0, "no earlier release"},
		"no update of that number":              {nil, 3, 0, "no update 3"},
		"one release":                           {[]history.Update{update(1, "a", "", nil)}, 0, 0, "no earlier release"},
		"a failed one":                          {[]history.Update{update(2, "b", "", nil), failed(1)}, 1, 0, `its result is "failed"`},
		"one that runs":                         {[]history.Update{update(2, "b", "", nil), update(1, "b", "", nil)}, 1, 0, "has the images that run"},
		"one without a record":                  {[]history.Update{update(2, "b", "", nil), update(1, "", "", nil)}, 1, 0, "not known"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := choose(row.updates, row.to)
			if (err != nil) != (row.want == 0) || err == nil && got.Version != row.want || err != nil && !strings.Contains(err.Error(), row.words) {
				t.Errorf("release %d, error %v", got.Version, err)
			}
		})
	}
}

func TestContract(t *testing.T) {
	removed := map[string]string{"0011": "0009"}
	for name, row := range map[string]struct {
		head     string
		now      map[string]string // contracts of the newest release
		between  map[string]string // and of one before it
		refusals []string
	}{
		"no contract":                          {"0008", nil, nil, nil},
		"older than the end of the use":        {"0008", removed, nil, []string{"migration 0011", "contract: 0009", "revision 0008"}},
		"as old as the end of the use":         {"0009", removed, nil, []string{"migration 0011", "revision 0009"}},
		"newer than the end of the use":        {"0010", removed, nil, nil},
		"the release has the migration itself": {"0011", removed, nil, nil},
		"several":                              {"0008", map[string]string{"0011": "0009", "0013": "0012"}, nil, []string{"migration 0011", "migration 0013"}},
		"known only by a release between":      {"0008", nil, removed, []string{"migration 0011"}},
		"an unknown schema":                    {"", nil, nil, nil},
		"an unknown schema, and a contract":    {"", removed, nil, []string{"migration 0011", "(unknown)"}},
		"an unreadable contract":               {"0008", map[string]string{"0011": "x"}, nil, []string{"migration 0011"}},
	} {
		t.Run(name, func(t *testing.T) {
			target := update(1, "a", row.head, nil)
			stacktest.CheckError(t, contract([]history.Update{update(3, "c", "", row.now), update(2, "b", "", row.between), target}, target), row.refusals...)
		})
	}
}
