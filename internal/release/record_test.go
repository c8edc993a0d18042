package release_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"hankki/internal/release"
)

var noon = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// record is the release of that number.
func record(number int, head string) release.Record {
	return release.Record{
		Since: noon.Add(time.Duration(number) * time.Hour), Schema: release.Schema{Revision: head, Head: head},
		Images: map[string]string{"backend": fmt.Sprintf("registry.example.com/hankki/backend@sha256:%064d", number)},
	}
}

func TestReleaseBeginsWithAnImage(t *testing.T) {
	var all []release.Record
	all = release.Add(all, record(1, "0008"))
	again := record(1, "")
	again.Since = noon.Add(time.Minute)
	all = release.Add(all, again)
	if len(all) != 1 || !reflect.DeepEqual(all[0], record(1, "0008")) {
		t.Errorf("an up that changes no image makes %+v", all)
	}
	all = release.Add(all, record(2, "0009"))
	back := record(1, "0008")
	back.Revision, back.Contracts = "0009", map[string]string{"0009": "0008"}
	all = release.Add(all, back)
	if len(all) != 3 || all[2].Revision != "0009" || all[1].Since != noon.Add(2*time.Hour) {
		t.Errorf("a rollback makes %+v", all)
	}
	for number := range 40 {
		all = release.Add(all, record(number, "0009"))
	}
	if last := all[len(all)-1]; len(all) != 20 || last.Since != noon.Add(39*time.Hour) {
		t.Errorf("%d are kept, the last since %v", len(all), last.Since)
	}
}

func TestRecordsSurviveTheState(t *testing.T) {
	want := []release.Record{record(1, ""), record(2, "0009")}
	want[1].Contracts = map[string]string{"0009": "0008"}
	output, err := release.Output(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := release.ParseRecords(output)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, error %v", got, err)
	}
	if got, err := release.ParseRecords(nil); err != nil || len(got) != 0 { // a state of an earlier version
		t.Errorf("%+v, error %v", got, err)
	}
	if _, err := release.ParseRecords("yesterday"); err == nil {
		t.Error("a text is a list of releases")
	}
}

func TestReportOfTheMigration(t *testing.T) {
	s, err := release.ParseSchema(`{"revision": "0009", "head": "0008", "contracts": {"0009": "0007"}}`)
	if want := (release.Schema{Revision: "0009", Head: "0008", Contracts: map[string]string{"0009": "0007"}}); err != nil || !reflect.DeepEqual(s, want) {
		t.Errorf("%+v, error %v", s, err)
	}
	if s, err = release.ParseSchema(""); err != nil || s.Head != "" {
		t.Errorf("%+v, error %v", s, err)
	}
	if _, err = release.ParseSchema("Traceback (most recent call last)"); err == nil {
		t.Error("a log is a report")
	}
}
