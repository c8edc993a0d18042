package history

import (
	"slices"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"

	"hankki/internal/release"
)

// update is Pulumi's entry of an update at a second after noon. Pulumi writes whole seconds.
func update(version, second int, kind, result string) auto.UpdateSummary {
	at := func(second int) string {
		return time.Date(2026, 11, 29, 12, 0, second, 0, time.UTC).Format("2006-01-02T15:04:05.000Z")
	}
	end := at(second + 9)
	return auto.UpdateSummary{
		Version: version, Kind: kind, Result: result, StartTime: at(second), EndTime: &end,
		Message: `"rollback to release 1"`, Environment: map[string]string{"git.head": "0123456789abcdef0123456789abcdef01234567", "git.dirty": "true"},
	}
}

// record is the release that began at that second and a half.
func record(second int, backend, revision string) release.Record {
	return release.Record{
		Since:  time.Date(2026, 11, 29, 12, 0, second, 500e6, time.UTC),
		Images: map[string]string{"redis": "redis@sha256:1", "backend": backend}, Schema: release.Schema{Revision: revision, Head: revision},
	}
}

func TestEachUpdateHasItsRelease(t *testing.T) {
	all, err := join([]auto.UpdateSummary{ // newest first, as Pulumi lists them
		update(7, 60, "update", "succeeded"),
		update(6, 50, "update", "failed"),
		update(5, 40, "update", "succeeded"),
		update(4, 30, "refresh", "succeeded"),
		update(3, 20, "update", "succeeded"),
		update(2, 10, "update", "succeeded"),
		update(1, 0, "update", "succeeded"),
	}, []release.Record{record(10, "backend@sha256:1", "0008"), record(40, "backend@sha256:2", "0009")})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		version  int
		backend  string
		revision string
		changed  []string
	}{
		{7, "backend@sha256:2", "0009", nil},
		{6, "", "", nil}, // failed
		{5, "backend@sha256:2", "0009", []string{"backend"}},
		{3, "backend@sha256:1", "0008", nil},
		{2, "backend@sha256:1", "0008", []string{"backend", "redis"}},
		{1, "", "", nil}, // older than the records
	} {
		got := all[i]
		if got.Version != want.version || got.Images["backend"] != want.backend || got.Revision != want.revision || !slices.Equal(got.Changed, want.changed) {
			t.Errorf("update %d is %+v", want.version, got)
		}
		if got.Message != "rollback to release 1" {
			t.Errorf("update %d: message %s", want.version, got.Message)
		}
		if got.Commit != "0123456789abcdef0123456789abcdef01234567" || !got.Dirty || got.Seconds != 9 {
			t.Errorf("update %d: commit %s, dirty %t, %d s", want.version, got.Commit, got.Dirty, got.Seconds)
		}
	}
	if len(all) != 6 {
		t.Errorf("%d updates: a refresh is none", len(all))
	}
}

// A local backend has no numbers: a release keeps its own, whatever comes after it.
func TestOperationsAreNumbered(t *testing.T) {
	all := numbered([]auto.UpdateSummary{{Kind: "update"}, {Kind: "refresh"}, {Kind: "update"}})
	if all[0].Version != 3 || all[1].Version != 2 || all[2].Version != 1 {
		t.Errorf("numbers %+v", all)
	}
	all = numbered([]auto.UpdateSummary{{Version: 112}, {Version: 111}}) // the newest page of Pulumi Cloud
	if all[0].Version != 112 || all[1].Version != 111 {
		t.Errorf("numbers %+v", all)
	}
}
