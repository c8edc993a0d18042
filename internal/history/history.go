// Package history lists what ran on a stack when: Pulumi's updates, with the images and the database's schema of each.
package history

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/opthistory"

	"hankki/internal/release"
	"hankki/internal/stack"
)

// Succeeded is Pulumi's result of an update without an error.
const Succeeded = "succeeded"

// pageSize is the number of operations that Pulumi returns at once.
const pageSize = 100

// Update is one `pulumi up`.
type Update struct {
	Version int       `json:"version"` // number of the operation in Pulumi's history, the first is 1
	Time    time.Time `json:"time"`    // of its start
	Seconds int       `json:"seconds"`
	Result  string    `json:"result"`           // succeeded, failed or in-progress
	Commit  string    `json:"commit,omitempty"` // of the checkout; empty: the project's folder was no git checkout
	Dirty   bool      `json:"dirty,omitempty"`  // the checkout had further changes
	Message string    `json:"message,omitempty"`
	// Images and Schema are those of a release. They are empty if the update failed, or is older than the records.
	Images map[string]string `json:"images,omitempty"`
	release.Schema
	Changed []string `json:"changed,omitempty"` // the tiers whose image is not that of the release before
}

// List returns the updates, newest first.
func List(ctx context.Context, s *stack.Stack) ([]Update, error) {
	state, err := s.State(ctx)
	if err != nil {
		return nil, err
	}
	records, err := release.ParseRecords(state.Output(release.OutputName))
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", s.Name(), err)
	}
	summaries, err := operations(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("history of stack %s: %w", s.Name(), err)
	}
	return join(numbered(summaries), records)
}

// operations returns Pulumi's history, newest first: the newest page if it has numbers, otherwise all.
func operations(ctx context.Context, s *stack.Stack) (all []auto.UpdateSummary, err error) {
	for page := 1; ; page++ {
		summaries, err := s.History(ctx, pageSize, page, opthistory.ShowSecrets(false))
		if err != nil {
			return nil, err //nolint:wrapcheck // List names the stack
		}
		all = append(all, summaries...)
		if len(summaries) < pageSize || summaries[0].Version > 0 {
			return all, nil
		}
	}
}

// numbered counts the operations, newest first. Of Pulumi's backends, only Pulumi Cloud numbers them itself.
func numbered(all []auto.UpdateSummary) []auto.UpdateSummary {
	for i := range all {
		if all[i].Version == 0 {
			all[i].Version = len(all) - i
		}
	}
	return all
}

// join adds to each update, newest first, the release that it began or kept.
func join(summaries []auto.UpdateSummary, records []release.Record) ([]Update, error) {
	all := []Update{}
	for _, summary := range summaries {
		if summary.Kind != "update" {
			continue
		}
		u, err := updateOf(summary)
		if err != nil {
			return nil, err
		}
		all = append(all, u)
	}
	slices.Reverse(all)
	var last map[string]string
	for i := range all {
		u := &all[i]
		until := time.Time{} // of the records of u: the start of the next update
		if i+1 < len(all) {
			until = all[i+1].Time
		}
		record, found := lastBefore(records, until)
		if u.Result != Succeeded || !found {
			continue
		}
		u.Images, u.Schema = record.Images, record.Schema
		for _, tier := range slices.Sorted(maps.Keys(u.Images)) {
			if last[tier] != u.Images[tier] {
				u.Changed = append(u.Changed, tier)
			}
		}
		last = u.Images
	}
	slices.Reverse(all)
	return all, nil
}

// lastBefore returns the last record that began before a time; the zero time is no limit. Updates of a stack never overlap,
// so a record belongs to the last update that started before it.
func lastBefore(records []release.Record, until time.Time) (last release.Record, found bool) {
	for _, r := range records {
		if until.IsZero() || r.Since.Before(until) {
			last, found = r, true
		}
	}
	return last, found
}

func updateOf(s auto.UpdateSummary) (Update, error) {
	start, err := time.Parse(time.RFC3339, s.StartTime)
	if err != nil {
		return Update{}, fmt.Errorf("update %d: its time: %w", s.Version, err)
	}
	u := Update{
		Version: s.Version, Time: start, Result: s.Result, Message: s.Message,
		Commit: s.Environment["git.head"], Dirty: s.Environment["git.dirty"] == "true",
	}
	if text, err := strconv.Unquote(s.Message); err == nil { // the Automation API (3.259) passes its option Message in quotes
		u.Message = text
	}
	if s.EndTime != nil {
		end, err := time.Parse(time.RFC3339, *s.EndTime)
		if err != nil {
			return Update{}, fmt.Errorf("update %d: its end: %w", s.Version, err)
		}
		u.Seconds = int(end.Sub(start).Seconds())
	}
	return u, nil
}
