// Command hankki runs the operations that `pulumi up` can't: it destroys a stack and keeps its data, adopts existing
// objects, moves the addresses of a manually deployed site to the stack, moves a site to another namespace, backs up and
// restores its database, reviews a change, lists what an update would change, promotes images from one stack to another,
// lists releases, rolls back to one, finds drift, stages a stack for the lab, prints its role, and renders its manifests. Make
// targets call it. Under the name of the policy pack, it serves the guard rails of `pulumi preview`.
//
// Exit codes: 0 success, 1 failure, 2 usage error, 3 stopped by a guard rail, 4 drift was found.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"hankki/internal/stack"
)

const (
	failed     = 1
	usageError = 2
	stopped    = 3
	drifted    = 4
)

func main() {
	if isPack(os.Args[0]) {
		os.Exit(servePack(os.Stderr))
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run executes the command line. Results go to out, progress and errors to log.
func run(args []string, out, log io.Writer) (code int) {
	// Pulumi is interrupted once, and then stops gracefully and saves its state. A second signal makes it terminate.
	ctx, stop := signal.NotifyContext(context.Background(), stack.Interrupts()...)
	defer stop()
	root, started := newRoot()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(log)
	err := root.ExecuteContext(ctx)
	var use useError
	var refusal stopError
	var difference driftError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &refusal):
		fmt.Fprintf(log, "hankki: %v\n", err)
		return stopped
	case errors.As(err, &difference):
		fmt.Fprintf(log, "hankki: %v\n", err)
		return drifted
	case !*started || errors.As(err, &use):
		fmt.Fprintf(log, "hankki: %v\n`hankki --help` lists the commands and their flags.\n", err)
		return usageError
	default:
		fmt.Fprintf(log, "hankki: %v\n", err)
		return failed
	}
}

// useError is an error of a combination of arguments.
type useError struct{ error }

// newRoot builds the command line; started becomes true once its arguments are valid.
func newRoot() (root *cobra.Command, started *bool) {
	started = new(bool)
	root = &cobra.Command{
		Use:   "hankki",
		Short: "Review a change of a stack; list releases, roll back, promote; destroy, move, back up or restore a stack; adopt existing objects",
		Long: `Review a change of a stack. List its releases, roll back to one, promote its images to another stack. Destroy the stack, move
its site to another namespace, back up and restore its database. Adopt existing objects, or move the addresses of a
manually deployed site to the stack. List what an update would change. Find drift. Stage the stack for the lab, print its role, and render its manifests.

Exit codes: 0 success, 1 failure, 2 usage error, 3 stopped by a guard rail, 4 drift was found.
Results go to the standard output, progress and errors to the standard error.`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	var common common
	flags := root.PersistentFlags()
	flags.StringVarP(&common.stack, "stack", "s", "", "name of the stack")
	flags.StringVarP(&common.folder, "cwd", "C", ".", "folder of the Pulumi project")
	common.output = choice{value: "text", values: []string{"text", "json"}}
	flags.VarP(&common.output, "output", "o", "format of the result: text or json")
	flags.BoolFunc("json", "short for --output json", func(string) error { return common.output.Set("json") })
	for _, c := range []*cobra.Command{
		newAdopt(&common), newBackup(&common), newBackups(&common), newDestroy(&common), newDrift(&common), newHandover(&common), newMove(&common), newPlan(&common),
		newPromote(&common), newReleases(&common), newRender(&common), newRestore(&common), newReview(&common), newRole(&common), newRollback(&common), newStage(&common),
	} {
		work := c.RunE
		if c.Args == nil {
			c.Args = cobra.NoArgs
		}
		c.RunE = func(c *cobra.Command, args []string) error {
			if common.stack == "" {
				return useError{errors.New("--stack is missing: name the stack")}
			}
			*started = true
			return work(c, args)
		}
		root.AddCommand(c)
	}
	return root, started
}
