package main

import (
	"io"
	"strings"
	"testing"

	"hankki/internal/adopt"
	"hankki/internal/backup"
	"hankki/internal/destroy"
	"hankki/internal/drift"
	"hankki/internal/handover"
	"hankki/internal/move"
	"hankki/internal/plan"
	"hankki/internal/promote"
	"hankki/internal/review"
)

// An empty list is [] in each result: jq's `.[]` fails for null.
func TestEmptyListsAreNotNull(t *testing.T) {
	for name, result := range map[string]any{
		"adopt": adopt.Result{Objects: []*adopt.Foreign{{}}}, "backups": []backup.Dump(nil), "destroy": destroy.Left{}, "drift": drift.Report{},
		"handover": handover.Result{}, "move": move.Result{}, "plan": []plan.Change(nil), "promote": promote.Result{},
		"review": review.Report{Stacks: []review.Stack{{Pods: []review.Restart{{}}, Images: []review.Image{{}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			c := common{output: choice{value: "json"}}
			var out strings.Builder
			if err := c.print(&out, result, func(io.Writer) {}); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(out.String(), "null") || !strings.Contains(out.String(), "[]") {
				t.Error(out.String())
			}
		})
	}
}
