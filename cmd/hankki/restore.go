package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"hankki/internal/backup"
	"hankki/internal/plural"
	"hankki/internal/stack"
)

func newRestore(common *common) *cobra.Command {
	var o backup.Options
	c := &cobra.Command{
		Use:   "restore",
		Short: "Show a restore of a dump into a new database; with --yes restore it and deploy the stack with it",
		Long: `Show a restore of a dump into a new database. With --yes, restore it.

The current database is not changed. The dump is restored in one transaction, and the rows of each table are compared with the dump.
Then the command sets hankki:database.name to the new database and deploys the stack: its migration Job updates the tables, and the
pods are replaced. If a step before the deployment fails, the stack uses the current database. If the deployment fails, pods use either
database until "pulumi up" succeeds, and the error contains the command that returns to the current one.`,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.From == "" {
				return useError{errors.New("--from is missing: name a dump, or a file that \"hankki backups --copy\" wrote")}
			}
			s, err := stack.Open(c.Context(), common.folder, common.stack, nil)
			if err != nil {
				return err
			}
			o.Log = c.ErrOrStderr()
			result, err := backup.Restore(c.Context(), s, o)
			if err != nil {
				return err
			}
			return common.print(c.OutOrStdout(), result, func(w io.Writer) { printRestored(w, common, o, result) })
		},
	}
	c.Flags().StringVar(&o.From, "from", "", "name of the dump, or path of a copied file NAME.dump")
	c.Flags().StringVar(&o.To, "to", "", "name of a new or empty database; default: the current name and _restored_TIME")
	c.Flags().BoolVar(&o.Yes, "yes", false, "restore; without it nothing changes")
	return c
}

func printRestored(w io.Writer, common *common, o backup.Options, r backup.Result) {
	d := r.Dump
	fmt.Fprintf(w, "%s: taken %s, %s, %s, revision %s\n", d.Name, d.Time.Format(time.RFC3339), size(d.Bytes), plural.Of(d.Rows, "row"), d.Revision)
	if !r.Done {
		fmt.Fprintf(w, "restored into the new database %s; the stack then uses it instead of %s, which stays\n", r.Database, r.Current)
		fmt.Fprintf(w, "changes after %s are not in the dump\n", d.Time.Format(time.RFC3339))
		fmt.Fprintf(w, "\nnothing has changed yet: `make restore STACK=%s FROM=%s YES=1` restores it\n", common.stack, o.From)
		return
	}
	fmt.Fprintf(w, "the stack %s uses the database %s, with the rows of the dump; commit %s/Pulumi.%s.yaml, which has the new hankki:database.name\n",
		common.stack, r.Database, common.folder, common.stack)
	fmt.Fprintf(w, "the previous database %s is not changed; drop it when it is no longer needed\n", r.Current)
}
