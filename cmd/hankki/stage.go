package main

import (
	"io"
	"os"

	"github.com/spf13/cobra"

	"hankki/internal/staging"
)

func newStage(common *common) *cobra.Command {
	var folder, file, program string
	c := &cobra.Command{
		Use:   "stage --to FOLDER [KEY=VALUE...]",
		Short: "Copy a stack of the checkout to another folder, with further settings",
		Long: `Make the folder --to a Pulumi project with the stack of the checkout --cwd and a built program, merge the settings into the copy of
the stack's file (KEY as in "pulumi config set --path"), and select the stack; a stack that does not exist is created. The checkout is
not changed.

Staging again keeps the encryption salt. It also keeps the database that "hankki restore" wrote and the namespace that "hankki move"
wrote, unless the value in the checkout has changed since.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, settings []string) error {
			if err := missing(map[string]string{"--to is missing: name the folder": folder, noProgram: program}); err != nil {
				return err
			}
			stack := staging.Stack{Name: common.stack, File: file, Settings: settings}
			if err := staging.Stage(c.Context(), common.folder, program, folder, stack); err != nil {
				return err
			}
			return common.print(c.OutOrStdout(), map[string]string{"folder": folder}, func(io.Writer) {})
		},
	}
	c.Flags().StringVar(&folder, "to", "", "folder of the copy; created if it does not exist")
	c.Flags().StringVar(&file, "file", "", "the stack's file; default: Pulumi.STACK.yaml of the checkout")
	programFlag(c, &program)
	return c
}

// programFlag adds the flag --program, which make sets by the environment.
func programFlag(c *cobra.Command, program *string) {
	c.Flags().StringVar(program, "program", os.Getenv("HANKKI_PROGRAM"), "path of the built program; default: $HANKKI_PROGRAM")
}

const noProgram = "--program is missing: name the built program"
