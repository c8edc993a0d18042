package site

import (
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/release"
)

// released returns the records after a run with this image of the API, by the report of its migration.
func released(t *testing.T, before []release.Record, image, report string) (after []release.Record) {
	t.Helper()
	err := pulumi.RunErr(func(*pulumi.Context) error {
		all := releases(before, pulumi.StringMap{backendName: pulumi.String(image)}, &components.Backend{Report: pulumi.String(report).ToStringOutput()})
		known := make(chan error, 1)
		all.ApplyT(func(value any) any {
			var err error
			after, err = release.ParseRecords(value)
			known <- err
			return value
		})
		return <-known
	}, pulumi.WithMocks("hankki", "test", &engine{}))
	if err != nil {
		t.Fatal(err)
	}
	return after
}

func TestReleasesAreRecorded(t *testing.T) {
	first := released(t, nil, "backend@sha256:1", `{"revision": "0008", "head": "0008"}`)
	if len(first) != 1 || first[0].Images[backendName] != "backend@sha256:1" || first[0].Revision != "0008" || time.Since(first[0].Since) > time.Minute {
		t.Fatalf("the first is %+v", first)
	}
	again := released(t, first, "backend@sha256:1", "") // the pod of the migration no longer exists
	if len(again) != 1 || again[0].Since != first[0].Since || again[0].Revision != "0008" {
		t.Errorf("an unchanged stack has %+v", again)
	}
	second := released(t, again, "backend@sha256:2", `{"revision": "0009", "head": "0009", "contracts": {"0009": "0008"}}`)
	if len(second) != 2 || second[0].Revision != "0008" || second[1].Contracts["0009"] != "0008" {
		t.Errorf("then there are %+v", second)
	}
}

// A list that can't be read stops no update.
func TestUnreadableReleasesBeginAgain(t *testing.T) {
	cluster, e := newKitchen(t), &engine{}
	e.state = map[string]any{"urn:pulumi:onprem::hankki::pulumi:pulumi:Stack::hankki-onprem": map[string]any{
		"type": "pulumi:pulumi:Stack", "outputs": map[string]any{release.OutputName: "broken"},
	}}
	expectRefusal(t, e, cluster.stack(t).whole(e), nil)
}

// The migration reports to the file that Kubernetes reads as the termination message.
func TestMigrationReportsItsSchema(t *testing.T) {
	e := shipped(t, "onprem").deployed(t)
	if file := environment(t, e.one(t, jobType, "backend-release"))["RELEASE_REPORT"]; file != "/dev/termination-log" {
		t.Errorf("RELEASE_REPORT is %q", file)
	}
	if file, given := environment(t, e.one(t, deploymentType, "backend"))["RELEASE_REPORT"]; given {
		t.Errorf("the API itself has RELEASE_REPORT %q", file)
	}
}
