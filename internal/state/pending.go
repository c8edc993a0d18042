package state

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Pending is a resource whose deletion an operation that was interrupted has left to the next one.
type Pending struct {
	Resource
	Retained bool // the engine only forgets it
}

// exportLimit is for the start of one process, on a machine that is busy.
const exportLimit = time.Minute

// ReadPending lists the deletions that the next `up` would carry out at its end, whatever the program registers. No function of the engine
// tells them, so Pulumi's CLI is asked, which takes half a second.
func ReadPending(ctx *pulumi.Context) ([]Pending, error) {
	deadline, cancel := context.WithTimeout(ctx.Context(), exportLimit)
	defer cancel()
	stack := ctx.Organization() + "/" + ctx.Project() + "/" + ctx.Stack()
	cli := exec.CommandContext(deadline, "pulumi", "stack", "export", "--non-interactive", "--stack", stack) //nolint:gosec // no shell reads the name
	var printed bytes.Buffer
	cli.Stderr = &printed
	text, err := cli.Output()
	if err != nil {
		return nil, fmt.Errorf("`pulumi stack export --stack %s`: %w %s", stack, errors.Join(err, deadline.Err()), strings.TrimSpace(printed.String()))
	}
	return pendingOf(text)
}

// pendingOf reads an exported state. Secrets in it stay encrypted.
func pendingOf(export []byte) (pending []Pending, err error) {
	var state struct {
		Deployment struct {
			Resources []struct {
				URN, Type              string
				Outputs                map[string]any
				Delete, RetainOnDelete bool
			}
		}
	}
	if err := json.Unmarshal(export, &state); err != nil {
		return nil, fmt.Errorf("the exported state can't be read: %w", err)
	}
	for _, r := range state.Deployment.Resources {
		if r.Delete {
			pending = append(pending, Pending{Resource{r.URN, r.Type, r.Outputs}, r.RetainOnDelete})
		}
	}
	return pending, nil
}
