package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"hankki/internal/move"
	"hankki/internal/plural"
	"hankki/internal/stack"
)

func newMove(common *common) *cobra.Command {
	var o move.Options
	c := &cobra.Command{
		Use:   "move",
		Short: "Move the stack's site to another namespace, with its data",
		Long: `Move the stack's site to another namespace, with its data.

Kubernetes can't move an object, so the command takes these steps:
1. It previews the deployment in the new namespace, and deploys the stack in the current one. An error stops the move here.
2. It deletes the site in the current namespace, and reserves the site's volumes for the claims in the new namespace.
3. It writes hankki:namespace, and deploys the stack in the new namespace.

The site is down from step 2 until its pods are ready again. Run the same command again to continue an interrupted move. With
the previous namespace as --to, the command moves the site back.`,
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
	fmt.Fprintf(w, "the site of stack %s is now in namespace %s, with %s; commit %s/Pulumi.%s.yaml, which has the new hankki:namespace\n",
		common.stack, result.To, plural.Of(len(result.Volumes), "volume"), common.folder, common.stack)
	if len(result.Left) == 0 {
		return
	}
	fmt.Fprintf(w, "\nnamespace %s stays, because it contains:\n", result.From)
	for _, o := range result.Left {
		fmt.Fprintln(w, "  "+o.String())
	}
}
