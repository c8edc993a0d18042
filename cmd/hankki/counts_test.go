package main

import (
	"strings"
	"testing"

	"hankki/internal/adopt"
	"hankki/internal/move"
)

// The texts of adopt and move have the singular for one object and one volume.
func TestCountsHaveTheirNoun(t *testing.T) {
	for n, want := range map[int][]string{
		1: {"adopts 1 object\n", "adopted 1 object into stack dev;", "with 1 volume; commit"},
		2: {"adopts 2 objects\n", "adopted 2 objects into stack dev;", "with 2 volumes; commit"},
	} {
		var text strings.Builder
		found := make([]*adopt.Foreign, n)
		for i := range found {
			found[i] = &adopt.Foreign{}
		}
		printAdopted(&text, "dev", adopt.Result{Objects: found})
		printAdopted(&text, "dev", adopt.Result{Objects: found, Done: true})
		printMove(&text, &common{stack: "dev", folder: "."}, move.Result{To: "kitchen", Volumes: make([]string, n)})
		for _, part := range want {
			if !strings.Contains(text.String(), part) {
				t.Errorf("%q is missing in\n%s", part, text.String())
			}
		}
	}
}
