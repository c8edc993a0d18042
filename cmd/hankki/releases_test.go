package main

import (
	"strings"
	"testing"
	"time"

	"hankki/internal/history"
	"hankki/internal/release"
)

func TestReleasesAreATable(t *testing.T) {
	images := map[string]string{"backend": "r.example.com/hankki/backend@sha256:" + strings.Repeat("0123456789abcdef", 4), "redis": "r.example.com/hankki/redis@sha256:ab"}
	var out strings.Builder
	printReleases(&out, "onprem", []history.Update{
		{Version: 12, Time: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC), Seconds: 41, Result: "succeeded", Commit: "0123456789abcdef", Dirty: true, Images: images, Schema: release.Schema{Revision: "0009"}, Changed: []string{"backend"}},
		{Version: 11, Result: "failed"},
	})
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 {
		t.Fatalf("the table is\n%s", out.String())
	}
	for i, want := range []string{
		"RELEASE START SECONDS RESULT COMMIT DATABASE CHANGED IMAGES",
		"12 2026-11-29T12:00:00Z 41 succeeded 0123456+ 0009 backend 0123456789ab, redis ab",
		"11 failed - - - -",
	} {
		for word := range strings.FieldsSeq(want) {
			if !strings.Contains(lines[i], word) {
				t.Errorf("line %d lacks %q:\n%s", i, word, out.String())
			}
		}
	}
	out.Reset()
	if printReleases(&out, "onprem", nil); out.String() != "stack onprem has no update yet\n" {
		t.Errorf("without updates: %s", out.String())
	}
}
