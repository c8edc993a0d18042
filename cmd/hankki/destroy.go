package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"hankki/internal/destroy"
	"hankki/internal/stack"
)

func newDestroy(common *common) *cobra.Command {
	data := choice{value: destroy.KeepData, values: []string{destroy.KeepData, destroy.DeleteData}}
	shared := choice{value: destroy.RefuseShared, values: []string{destroy.RefuseShared, destroy.KeepShared, destroy.DeleteShared}}
	c := &cobra.Command{
		Use:   "destroy",
		Short: "Delete all objects of the stack and keep its data",
		Long: `Delete all objects of the stack, but not its data: PersistentVolumeClaims stay, with their namespaces and the generated
passwords of the data on them. The next "pulumi up" uses them again. A namespace with objects that are not the stack's stays.
Images stay in the registry. The command lists everything that it keeps, with the commands that remove it.

It needs the cluster and the state, but no registry, no image builder and no chart repository. If a deletion takes longer
than 20 seconds, the command reports what it waits for.`,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := stack.Open(c.Context(), common.folder, common.stack, nil)
			if err != nil {
				return err
			}
			left, err := destroy.Run(c.Context(), s, destroy.Options{Data: data.value, Shared: shared.value, Log: c.ErrOrStderr()})
			if err != nil {
				return err
			}
			return common.print(c.OutOrStdout(), left, func(w io.Writer) { printLeft(w, common.stack, left) })
		},
	}
	c.Flags().Var(&data, "data", "PersistentVolumeClaims: keep or delete them")
	c.Flags().Var(&shared, "shared", "MetalLB, metrics-server and deployers of this stack while others use them: refuse (an error), keep or delete them")
	return c
}

func printLeft(w io.Writer, name string, left destroy.Left) {
	fmt.Fprintf(w, "stack %s is destroyed\n", name)
	if len(left.Objects) > 0 {
		fmt.Fprintln(w, "\nkept in the cluster:")
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, kept := range left.Objects {
			fmt.Fprintf(table, "  %s\t%s\t%s\n", kept.Object, kept.Why, kept.Remove)
		}
		_ = table.Flush() // like all writes to w, its error is ignored
	}
	if len(left.Images) > 0 {
		fmt.Fprintln(w, "\nkept in the registry (delete them there):")
		for _, image := range left.Images {
			fmt.Fprintln(w, "  "+image)
		}
	}
}
