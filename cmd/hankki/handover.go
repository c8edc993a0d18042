package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"hankki/internal/handover"
	"hankki/internal/stack"
)

func newHandover(common *common) *cobra.Command {
	var o handover.Options
	c := &cobra.Command{
		Use:   "handover",
		Short: "Move the addresses of a manually deployed site to the stack",
		Long: `Move the addresses of a manually deployed site to the stack, one after the other, while users read the site.

The stack is deployed beside the other site, whose Services keep the addresses until then. When the stack's pods answer inside
the cluster, the command saves the other site's Service of each address to a file and deletes it, and MetalLB assigns the
address to the stack's Service. If MetalLB does not announce it within 10 seconds, the command creates the saved Service again
and fails. All other objects of the other site stay; the command lists them.`,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.From == "" {
				return useError{errors.New("--from is missing: name the namespace of the other site")}
			}
			s, err := stack.Open(c.Context(), common.folder, common.stack, nil)
			if err != nil {
				return err
			}
			cache, err := os.UserCacheDir()
			if err != nil {
				return fmt.Errorf("creating a folder for the saved objects: %w", err)
			}
			o.Folder, o.Log = filepath.Join(cache, "hankki", "handover", s.Project+"-"+s.Name()), c.ErrOrStderr()
			result, err := handover.Run(c.Context(), s, o)
			return errors.Join(err, common.print(c.OutOrStdout(), result, func(w io.Writer) { printMoved(w, o.From, result) }))
		},
	}
	c.Flags().StringVar(&o.From, "from", "", "namespace of the site that currently has the addresses")
	return c
}

func printMoved(w io.Writer, from string, result handover.Result) {
	for _, m := range result.Moved {
		fmt.Fprintf(w, "%s: from %s to %s in %.1f s; the previous Service is saved in %s\n", m.Address, m.From, m.To, m.Seconds, m.Saved)
	}
	if len(result.Left) == 0 {
		return
	}
	fmt.Fprintf(w, "\nremaining in namespace %s; delete the objects of the other site:\n", from)
	for _, o := range result.Left {
		fmt.Fprintln(w, "  kubectl delete "+o.Kubectl())
	}
}
