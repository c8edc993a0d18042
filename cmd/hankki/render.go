package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"hankki/internal/plural"
	"hankki/internal/staging"
)

func newRender(common *common) *cobra.Command {
	var out, program string
	c := &cobra.Command{
		Use:   "render --out FOLDER [KEY=VALUE...]",
		Short: "Write the manifests of a stack, without a cluster",
		Long: `Write the manifests of the stack to the folder --out, with the settings merged into its configuration (KEY as in
"pulumi config set --path"). It runs Pulumi's engine and its Kubernetes plugin on a temporary state. It needs no cluster and no
registry, and reads no secret: each secret is a placeholder.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, settings []string) error {
			if err := missing(map[string]string{"--out is missing: name the folder": out, noProgram: program}); err != nil {
				return err
			}
			n, err := staging.Render(c.Context(), common.folder, program, common.stack, out, settings, c.ErrOrStderr())
			if err != nil {
				return err
			}
			return common.print(c.OutOrStdout(), map[string]any{"folder": out, "manifests": n}, func(w io.Writer) {
				fmt.Fprintf(w, "%s of the stack %s written to %s\n", plural.Of(n, "manifest"), common.stack, out)
			})
		},
	}
	c.Flags().StringVar(&out, "out", "", "folder of the manifests; created if it does not exist")
	programFlag(c, &program)
	return c
}
