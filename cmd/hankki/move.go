package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"hankki/internal/move"
	"hankki/internal/stack"
)

func newMove(common *common) *cobra.Command {
	var o move.Options
	c := &cobra.Command{
		Use:   "move",
		Short: "Move the stack's site to another namespace, with its data",
		Long: `Move the stack's site to another namespace, with its data.

Kubernetes can't move an object. The deployment in the new namespace is tried by a preview, and the stack is deployed where it is, so
that nothing else is left to fail; its site is removed from the old namespace; its volumes are reserved for the claims of the new one;
hankki:namespace is written, and the stack is deployed there. The site is away for as long as its pods need to end and to start.
A move that was interrupted goes on by the same command. With the old namespace as --to it brings the site back.`,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.To == "" {
				return useError{errors.New("--to is missing: name the new namespace")}
			}
			s, err := stack.Open(c.Context(), common.folder, common.stack, nil)
			if err != nil {
				return err
			}
			o.Log = c.ErrOrStderr()
			result, err := move.Run(c.Context(), s, o)
			if err != nil {
				return err
			}
			return common.print(c.OutOrStdout(), result, func(w io.Writer) { printMove(w, common, result) })
		},
	}
	c.Flags().StringVar(&o.To, "to", "", "the new namespace")
	return c
}

func printMove(w io.Writer, common *common, result move.Result) {
	fmt.Fprintf(w, "the site of stack %s is now in namespace %s, with %d volumes; commit %s/Pulumi.%s.yaml, which has the new hankki:namespace\n",
		common.stack, result.To, len(result.Volumes), common.folder, common.stack)
	if len(result.Left) == 0 {
		return
	}
	fmt.Fprintf(w, "\nnamespace %s stays, because it contains:\n", result.From)
	for _, o := range result.Left {
		fmt.Fprintln(w, "  "+o.String())
	}
}
