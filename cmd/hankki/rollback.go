package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"hankki/internal/rollback"
	"hankki/internal/stack"
)

func newRollback(common *common) *cobra.Command {
	var o rollback.Options
	c := &cobra.Command{
		Use:   "rollback",
		Short: "Run the images of an earlier release again",
		Long: `Run the images of an earlier release again: write them to hankki:images.use in the stack's file, and run "pulumi up". Nothing is
built. Pods are replaced as in any update, so no read fails. The configuration, the data and the schema of the database do not
change.

Without --to, the command selects the last release whose images differ from the running ones; after a failed or killed update, the
last release; after a failed or killed rollback, the same release again. It refuses a release if the registry lacks one of its
images, or if a later migration has a "contract:" line with the release's revision or a newer one: that migration has removed what
the release may use. "hankki releases" lists the releases.`,
		RunE: func(c *cobra.Command, _ []string) error {
			if c.Flags().Changed("to") && o.To < 1 {
				return useError{fmt.Errorf("--to %d is no release: `hankki releases` lists them", o.To)}
			}
			s, err := stack.Open(c.Context(), common.folder, common.stack, nil)
			if err != nil {
				return err
			}
			o.Log = c.ErrOrStderr()
			result, err := rollback.Run(c.Context(), s, o)
			if err != nil {
				return err
			}
			return common.print(c.OutOrStdout(), result, func(w io.Writer) {
				fmt.Fprintf(w, "stack %s runs the images of release %d: %s\ncommit Pulumi.%[1]s.yaml. `pulumi config rm --path hankki:images.use --stack %[1]s` makes the next up build images again\n",
					common.stack, result.To, shortImages(result.Images))
			})
		},
	}
	c.Flags().IntVar(&o.To, "to", 0, "number of the release, as \"hankki releases\" lists it")
	return c
}
