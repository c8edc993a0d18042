package main

import (
	"errors"

	"github.com/spf13/cobra"

	"hankki/internal/drift"
	"hankki/internal/stack"
)

func newDrift(common *common) *cobra.Command {
	markdown := false
	c := &cobra.Command{
		Use:   "drift",
		Short: "Show what was changed in the cluster since the last up",
		Long: `Show what was changed in the cluster since the last "pulumi up": objects and fields of the stack that were changed or deleted,
and fields that other field managers added. It changes neither the cluster nor the state, and needs no registry.

Exit codes: 0 no drift, 1 failure (the drift is unknown), 2 usage error, 4 drift was found.`,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := stack.Open(c.Context(), common.folder, common.stack, nil)
			if err != nil {
				return err
			}
			report, err := drift.Find(c.Context(), s, c.ErrOrStderr())
			if err != nil {
				return err
			}
			write := report.Text
			if markdown {
				write = report.Markdown
			}
			if err := common.print(c.OutOrStdout(), report, write); err != nil {
				return err
			}
			if report.Found() {
				return driftError{errors.New("the cluster differs from the last up")}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&markdown, "markdown", false, "print the text of an issue, without values")
	return c
}

// driftError reports that drift was found.
type driftError struct{ error }
