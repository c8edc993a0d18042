package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"hankki/internal/backup"
	"hankki/internal/plural"
	"hankki/internal/stack"
)

func newBackup(common *common) *cobra.Command {
	return &cobra.Command{
		Use:   "backup",
		Short: "Back up the stack's database now",
		Long: `Back up the stack's database now, as its CronJob does on schedule, and print the new dump.

The dump is complete only if pg_restore reads all of it. The oldest dumps above hankki:backup.keep are removed afterwards.`,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := stack.Open(c.Context(), common.folder, common.stack, nil)
			if err != nil {
				return err
			}
			dump, err := backup.Take(c.Context(), s, c.ErrOrStderr())
			if err != nil {
				return err
			}
			return common.print(c.OutOrStdout(), dump, func(w io.Writer) {
				fmt.Fprintf(w, "%s: %s, %s, revision %s, SHA-256 %s\n", dump.Name, size(dump.Bytes), plural.Of(dump.Rows, "row"), dump.Revision, dump.SHA256)
			})
		},
	}
}

// size prints a number of bytes, for example "1.2 MiB".
func size(bytes int64) string {
	const step = 1024
	value, units := float64(bytes), []string{"B", "KiB", "MiB", "GiB"}
	for value >= step && len(units) > 1 {
		value, units = value/step, units[1:]
	}
	if units[0] == "B" {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%.1f %s", value, units[0])
}
