package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"hankki/internal/history"
	"hankki/internal/stack"
)

func newReleases(common *common) *cobra.Command {
	return &cobra.Command{
		Use:   "releases",
		Short: "List the updates of the stack with commit, images and database revision",
		Long: `List the updates of the stack, newest first: number, start, duration, result, commit, revision of the database, and the digests
of the images (12 hex digits each; --json prints all 64).

Time, result and commit are from "pulumi stack history". Pulumi Cloud numbers the updates; for other backends hankki counts them.
Images and revision are from the stack output "releases", which has the last 20 releases. A commit with "+" had uncommitted
changes.`,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := stack.Open(c.Context(), common.folder, common.stack, nil)
			if err != nil {
				return err
			}
			updates, err := history.List(c.Context(), s)
			if err != nil {
				return err
			}
			return common.print(c.OutOrStdout(), updates, func(w io.Writer) { printReleases(w, common.stack, updates) })
		},
	}
}

func printReleases(w io.Writer, name string, updates []history.Update) {
	if len(updates) == 0 {
		fmt.Fprintf(w, "stack %s has no update yet\n", name)
		return
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "RELEASE\tSTART\tSECONDS\tRESULT\tCOMMIT\tDATABASE\tCHANGED\tIMAGES")
	for _, u := range updates {
		fmt.Fprintf(table, "%d\t%s\t%d\t%s\t%s\t%s\t%s\t%s\n", u.Version, u.Time.UTC().Format(time.RFC3339), u.Seconds, u.Result,
			shortCommit(u), cmp.Or(u.Revision, "-"), cmp.Or(strings.Join(u.Changed, ","), "-"), cmp.Or(shortImages(u.Images), "-"))
	}
	_ = table.Flush() // like all writes to w, its error is ignored
}

func shortCommit(u history.Update) string {
	commit := cmp.Or(u.Commit[:min(7, len(u.Commit))], "-")
	if u.Dirty {
		return commit + "+"
	}
	return commit
}

// shortImages returns the first 12 hex digits of each digest.
func shortImages(images map[string]string) string {
	var all []string
	for _, tier := range slices.Sorted(maps.Keys(images)) {
		_, hex, _ := strings.Cut(images[tier], "@sha256:")
		all = append(all, tier+" "+hex[:min(12, len(hex))])
	}
	return strings.Join(all, ", ")
}
