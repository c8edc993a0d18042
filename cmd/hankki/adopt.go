package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"hankki/internal/adopt"
	"hankki/internal/stack"
)

func newAdopt(common *common) *cobra.Command {
	var o adopt.Options
	c := &cobra.Command{
		Use:   "adopt",
		Short: "Show, and with --yes take over, objects that exist and that the stack would create",
		Long: `Show, and with --yes take over, objects that exist and that the stack would create.

It shows for each object who wrote it, which fields the next "pulumi up" changes and which it removes, as the API server
answers a dry run. --yes marks the objects as the stack's. Nothing else changes until the next "pulumi up". From then on a
destroy removes them with the rest of the stack.`,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := stack.Open(c.Context(), common.folder, common.stack, nil)
			if err != nil {
				return err
			}
			o.Log = c.ErrOrStderr()
			result, err := adopt.Run(c.Context(), s, o)
			if err != nil {
				return err
			}
			return common.print(c.OutOrStdout(), result, func(w io.Writer) { printAdopted(w, common.stack, result) })
		},
	}
	c.Flags().BoolVar(&o.Yes, "yes", false, "take the objects over; without it they are only shown")
	c.Flags().BoolVar(&o.Replace, "replace", false, "delete objects that can't be changed into what the stack wants; never claims, namespaces and definitions of kinds")
	c.Flags().BoolVar(&o.Force, "force", false, "take objects over that are marked as another hankki stack's")
	return c
}

func printAdopted(w io.Writer, name string, result adopt.Result) {
	if len(result.Objects) == 0 {
		fmt.Fprintf(w, "nothing to adopt: no object that stack %s would create exists, but for its own\n", name)
		return
	}
	for _, f := range result.Objects {
		whose := "written by " + strings.Join(f.Writers, ", ")
		if f.Stack != "" {
			whose = "belongs to the stack " + f.Stack
		}
		fmt.Fprintf(w, "%s: %s\n", f.Object, whose)
		for _, line := range f.Changes {
			fmt.Fprintln(w, "  changes "+line)
		}
		for _, line := range f.Removes {
			fmt.Fprintln(w, "  removes, or sets to its default, "+line)
		}
		if f.Replace != "" {
			fmt.Fprintf(w, "  replaced, for it can't be changed (%s): what it does is away from its deletion until the next up has created it\n", f.Replace)
		}
		if f.Replace == "" && len(f.Changes)+len(f.Removes) == 0 {
			fmt.Fprintln(w, "  changes nothing but the mark")
		}
		for _, line := range f.Notes {
			fmt.Fprintln(w, "  note: "+line)
		}
	}
	if result.Done {
		fmt.Fprintf(w, "\n%d objects are stack %s's now; the next up makes the changes\n", len(result.Objects), name)
	} else {
		fmt.Fprintf(w, "\nnothing is changed yet: `make adopt STACK=%s YES=1` takes these %d objects over\n", name, len(result.Objects))
	}
}
