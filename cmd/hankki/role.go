package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"hankki/internal/staging"
)

func newRole(common *common) *cobra.Command {
	return &cobra.Command{
		Use:   "role",
		Short: "Print hankki:role of the stack's file",
		Long:  `Print hankki:role of the stack's file in the folder --cwd; "all" if the file does not set it.`,
		RunE: func(c *cobra.Command, _ []string) error {
			role, err := staging.Role(common.folder, common.stack)
			if err != nil {
				return err
			}
			return common.print(c.OutOrStdout(), map[string]any{"role": role}, func(w io.Writer) { fmt.Fprintln(w, role) })
		},
	}
}
