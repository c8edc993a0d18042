package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"hankki/internal/adopt"
	"hankki/internal/plural"
	"hankki/internal/stack"
)

func newAdopt(common *common) *cobra.Command {
	var o adopt.Options
	c := &cobra.Command{
		Use:   "adopt",
		Short: "List existing objects that the stack would create; adopt them with --yes",
		Long: `List existing objects that the stack would create. With --yes, adopt them.

For each object the command prints its field managers, the fields that the next "pulumi up" changes, and the fields that it
removes, as determined by a dry run of the API server. --yes annotates the objects as the stack's and changes nothing else.
The next "pulumi up" applies the changes. From then on, a destroy deletes the objects with the rest of the stack.`,
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
	c.Flags().BoolVar(&o.Yes, "yes", false, "adopt the objects; without it they are only listed")
	c.Flags().BoolVar(&o.Replace, "replace", false, "delete objects that can't be updated to the stack's manifest; never PersistentVolumeClaims, namespaces and CustomResourceDefinitions")
	c.Flags().BoolVar(&o.Force, "force", false, "adopt objects that belong to another hankki stack")
	return c
}

func printAdopted(w io.Writer, name string, result adopt.Result) {
	if len(result.Objects) == 0 {
		fmt.Fprintf(w, "nothing to adopt: every existing object that stack %s would create belongs to it\n", name)
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
			fmt.Fprintln(w, "  removes or resets to its default: "+line)
		}
		if f.Replace != "" {
			fmt.Fprintf(w, "  replaced, because it can't be updated (%s): it is unavailable from its deletion until the next up creates it\n", f.Replace)
		}
		if f.Replace == "" && len(f.Changes)+len(f.Removes) == 0 {
			fmt.Fprintln(w, "  changes only the ownership annotations")
		}
		for _, line := range f.Notes {
			fmt.Fprintln(w, "  note: "+line)
		}
	}
	if result.Done {
		fmt.Fprintf(w, "\nadopted %s into stack %s; the next up applies the changes\n", plural.Of(len(result.Objects), "object"), name)
	} else {
		fmt.Fprintf(w, "\nnothing has changed yet: `make adopt STACK=%s YES=1` adopts %s\n", name, plural.Of(len(result.Objects), "object"))
	}
}
