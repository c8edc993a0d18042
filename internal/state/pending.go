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

// Pending is a resource that an interrupted operation has left for deletion by the next one.
type Pending struct {
	Resource
	Retained bool // removed only from the state
}

// exportLimit allows for the start of one process on a busy machine.
const exportLimit = time.Minute

// ReadPending lists the deletions that the next `up` makes at its end regardless of the program. The engine has no
// function for it, so this runs Pulumi's CLI, which takes 0.5 s.
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

// pendingOf parses an exported state. Secrets in it stay encrypted.
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
