package e2e

import (
	"testing"
	"time"

	"hankki/e2e/change"
)

// cleanupTime is the time that a change and the destroy of its stack need together.
const cleanupTime = 4 * time.Minute

// TestChanges makes each change of the table "Change a key" (docs/operations.md) on a deployed site and reverts it, under
// reads. `-run TestChanges/redis` makes the changes with redis in their name. Each stack is deployed once, before its first
// change.
func TestChanges(t *testing.T) {
	l := runningLab(t)
	for _, row := range change.Rows {
		if row.Try != nil && row.Try.Prepare != 0 && preparations[row.Try.Prepare] == nil {
			t.Fatalf("%s: no function for preparation %d", row.Title(), row.Try.Prepare)
		}
	}
	var current *site
	for _, stack := range []string{"onprem", "dev"} {
		for _, row := range change.Rows {
			if row.Try == nil || row.Try.Stack != stack {
				continue
			}
			t.Run(row.Try.Name, func(subtest *testing.T) {
				if end, limited := t.Deadline(); limited && time.Until(end) < cleanupTime {
					subtest.Fatal("not tried: the rest of -timeout is reserved for destroying the stack")
				}
				if current != nil && (current.name != stack || current.broken) {
					current.destroy(t)
					current = nil
				}
				if current == nil {
					current = newSite(t, l, stack) // belongs to the whole test: later changes use it too
				}
				current.change(subtest, row)
			})
		}
	}
	for _, row := range change.Rows {
		if row.Try == nil {
			t.Logf("not tried: %s: %s", row.Title(), row.NotTried)
		}
	}
}
