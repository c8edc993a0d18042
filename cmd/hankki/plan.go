package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"hankki/internal/plan"
	"hankki/internal/stack"
)

func newPlan(common *common) *cobra.Command {
	return &cobra.Command{
		Use:   "plan",
		Short: "List what \"pulumi up\" would change, without values",
		Long: `List what "pulumi up --refresh" would change, one line per step: operation, resource, and the paths of the properties that differ.
It prints no value. The guard rails apply.

Exit codes: 0 listed, 1 failure, 2 usage error, 3 a guard rail stops the update.`,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := stack.Open(c.Context(), common.folder, common.stack, nil)
			if err != nil {
				return err
			}
			changes, err := plan.Find(c.Context(), s, c.ErrOrStderr())
			if errors.Is(err, plan.ErrStopped) {
				return stopError{err}
			}
			if err != nil {
				return err
			}
			return common.print(c.OutOrStdout(), changes, func(w io.Writer) {
				for _, change := range changes {
					fmt.Fprintln(w, change)
				}
			})
		},
	}
}
