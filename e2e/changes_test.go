package e2e

import (
	"testing"
	"time"

	"hankki/e2e/change"
)

// timeToLeave is how long a change and the destroy of its stack may take together.
const timeToLeave = 4 * time.Minute

// TestChanges makes each change of the table "Change a key" (docs/operations.md) on a living site and sets it back, under
// reads. `-run TestChanges/redis` makes those whose name has redis in it. Each stack is deployed once, when its first change
// is due.
func TestChanges(t *testing.T) {
	l := runningLab(t)
	for _, row := range change.Rows {
		if row.Try != nil && row.Try.Prepare != "" && preparations[row.Try.Prepare] == nil {
			t.Fatalf("%s: there is no preparation %q", row.Title(), row.Try.Prepare)
		}
	}
	var current *site
	for _, stack := range []string{"onprem", "dev"} {
		for _, row := range change.Rows {
			if row.Try == nil || row.Try.Stack != stack {
				continue
			}
			t.Run(row.Try.Name, func(subtest *testing.T) {
				if end, limited := t.Deadline(); limited && time.Until(end) < timeToLeave {
					subtest.Fatal("not tried: the time of -timeout is needed to destroy the stack")
				}
				if current != nil && (current.name != stack || current.broken) {
					current.destroy(t)
					current = nil
				}
				if current == nil {
					current = newSite(t, l, stack) // of the whole test, for it outlives this change
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
