package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"hankki/internal/review"
)

func newReview(common *common) *cobra.Command {
	var o review.Options
	markdown := false
	c := &cobra.Command{
		Use:   "review",
		Short: "Show what the working tree changes against another revision, without a cluster",
		Long: `Show what the working tree changes against another revision, without a cluster, a registry, a state or a secret.

The command renders both revisions and compares them. It prints the objects that change, by tier; the pods that restart, and
why; the images that are rebuilt, and which files cause it; the addresses and data that are affected; and the differences of
the manifests. It applies the guard rails (docs/review.md) to the change. --stack accepts several names, separated by commas.

Exit codes: 0 reviewed, 1 failure, 2 usage error, 3 a guard rail stops the change (the review is printed too).`,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.Base == "" {
				return useError{errors.New("--base is missing: name the revision to compare with, e.g. origin/main")}
			}
			cache, err := cacheFolder()
			if err != nil {
				return err
			}
			o.Project, o.Stacks, o.Cache, o.Log = common.folder, strings.Split(common.stack, ","), filepath.Join(cache, "review"), c.ErrOrStderr()
			report, err := review.Run(c.Context(), o)
			if err != nil {
				return err
			}
			write := report.Text
			if markdown {
				write = report.Markdown
			}
			if err := common.print(c.OutOrStdout(), report, func(w io.Writer) { write(w) }); err != nil {
				return err
			}
			if report.Stopped() {
				return stopError{errors.New("a guard rail stops this change; docs/review.md explains exceptions")}
			}
			return nil
		},
	}
	c.Flags().StringVar(&o.Base, "base", "", "revision to compare the working tree with; later commits of that revision are ignored")
	c.Flags().BoolVar(&markdown, "markdown", false, "print the comment of a pull request")
	return c
}

// stopError is the error of a review or a plan that a guard rail stops.
type stopError struct{ error }

// cacheFolder returns the Makefile's folder for build results.
func cacheFolder() (string, error) {
	if folder := os.Getenv("HANKKI_CACHE"); folder != "" {
		return folder, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding a folder for renderings: %w", err)
	}
	return filepath.Join(cache, "hankki"), nil
}
