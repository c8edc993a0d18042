package main

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"hankki/internal/backup"
	"hankki/internal/stack"
)

func newBackups(common *common) *cobra.Command {
	var name, folder string
	c := &cobra.Command{
		Use:   "backups",
		Short: "List the dumps of the stack's database, or copy one out of the cluster",
		Long: `List the dumps of the stack's database, the newest first.

With --copy and --to it copies one dump to a folder, with its description and the stack's state ("pulumi stack export"), in which
secrets stay encrypted. The copy, the stack's configuration and its passphrase restore the site in another cluster.`,
		RunE: func(c *cobra.Command, _ []string) error {
			if (name == "") != (folder == "") {
				return useError{errors.New("--copy and --to belong together: name a dump and a folder")}
			}
			s, err := stack.Open(c.Context(), common.folder, common.stack, nil)
			if err != nil {
				return err
			}
			if name != "" {
				copied, err := backup.Copy(c.Context(), s, name, folder, c.ErrOrStderr())
				if err != nil {
					return err
				}
				return common.print(c.OutOrStdout(), copied, func(w io.Writer) {
					for _, file := range copied.Files {
						fmt.Fprintln(w, file)
					}
				})
			}
			dumps, err := backup.List(c.Context(), s, c.ErrOrStderr())
			if err != nil {
				return err
			}
			return common.print(c.OutOrStdout(), dumps, func(w io.Writer) { printDumps(w, dumps) })
		},
	}
	c.Flags().StringVar(&name, "copy", "", "name of the dump to copy")
	c.Flags().StringVar(&folder, "to", "", "folder of the copy")
	return c
}

func printDumps(w io.Writer, dumps []backup.Dump) {
	if len(dumps) == 0 {
		fmt.Fprintln(w, "there is no dump: `make backup` takes one")
		return
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tTIME\tSIZE\tROWS\tREVISION\tDATABASE\tPOSTGRESQL")
	for _, d := range dumps {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\t%s\n", d.Name, d.Time.Format(time.RFC3339), size(d.Bytes), d.Rows, d.Revision, d.Database, d.Server)
	}
	_ = table.Flush() // like all writes to w, its error is ignored
}
