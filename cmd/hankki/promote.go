package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"hankki/internal/promote"
	"hankki/internal/stack"
)

func newPromote(common *common) *cobra.Command {
	var o promote.Options
	from := ""
	c := &cobra.Command{
		Use:   "promote",
		Short: "Show the images that a stack would get from another one; prepare their deployment with --yes",
		Long: `Show the images that the stack --from runs and the stack --to would get. With --yes, prepare their deployment.

--yes copies the images by digest to the registry of the stack --to, and writes them to hankki:images.use in its file. Review
and commit that file. The next "pulumi up" of the stack --to deploys the images and builds nothing. Both stacks must be in the
same backend. For each stack, its own configuration sets the registry, the certificate authority and the login.`,
		RunE: func(c *cobra.Command, _ []string) error {
			if from == "" {
				return useError{errors.New("--from is missing: name the stack that runs the images")}
			}
			source, err := stack.Open(c.Context(), common.folder, from, nil)
			if errors.Is(err, stack.ErrNotFound) {
				err = fmt.Errorf("%w. Both stacks must be in one backend: a stack on the lab is in the lab's own, and `make up STACK=%s LAB=off` deploys it elsewhere", err, from)
			}
			if err != nil {
				return err
			}
			target, err := stack.Open(c.Context(), common.folder, common.stack, nil)
			if err != nil {
				return err
			}
			o.Log = c.ErrOrStderr()
			result, err := promote.Run(c.Context(), source, target, o)
			if err != nil {
				return err
			}
			return common.print(c.OutOrStdout(), result, func(w io.Writer) { printPromotion(w, from, common.stack, result) })
		},
	}
	c.Flags().StringVar(&from, "from", "", "the stack that runs the images")
	c.Flags().StringVar(&common.stack, "to", "", "the stack that gets the images; the same as --stack")
	c.Flags().BoolVar(&o.Yes, "yes", false, "copy the images and change the file of the stack --to; without it they are only listed")
	return c
}

func printPromotion(w io.Writer, from, to string, result promote.Result) {
	for _, image := range result.Images {
		what := "is in the registry already"
		switch {
		case image.Copy && result.Done:
			what = "copied from " + image.From
		case image.Copy:
			what = "to be copied from " + image.From
		}
		fmt.Fprintf(w, "%s: %s\n  %s\n", image.Tier, image.To, what)
	}
	if result.Done {
		fmt.Fprintf(w, "\nPulumi.%s.yaml has these images in hankki:images.use; `make preview STACK=%[1]s`, then `pulumi up --stack %[1]s`, deploys them\n", to)
	} else {
		fmt.Fprintf(w, "\nnothing has changed yet: `make promote FROM=%s TO=%s YES=1` promotes these images\n", from, to)
	}
}
