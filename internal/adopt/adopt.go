// Package adopt takes objects over that are in the cluster already and that the stack would create.
package adopt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"hankki/internal/stack"
)

// Options of a takeover.
type Options struct {
	Yes     bool      // do it; otherwise only show
	Replace bool      // delete objects that can't be changed into what the stack wants
	Force   bool      // take objects of another hankki stack too
	Log     io.Writer // gets what happens meanwhile
}

// Result of a takeover.
type Result struct {
	Objects []*Foreign `json:"objects"`
	Done    bool       `json:"done"`
}

// Run shows the objects that the stack would create, that exist, and that are not its own; with Yes it marks them as the
// stack's, so that the next up applies its manifests to them.
func Run(ctx context.Context, s *stack.Stack, o Options) (Result, error) {
	state, err := s.State(ctx)
	if err != nil {
		return Result{}, err
	}
	wanted, err := preview(ctx, s, o.Log)
	if err != nil {
		return Result{}, err
	}
	warnings := &warnings{}
	client, err := s.Connect(ctx, state, warnings)
	if err != nil {
		return Result{}, err
	}
	t := takeover{client: client, warnings: warnings, owner: s.Owner(), id: state.OwnerID(), has: state.Objects()}
	found, err := t.find(ctx, wanted)
	if err != nil {
		return Result{}, err
	}
	result := Result{Objects: found}
	if !o.Yes || len(found) == 0 {
		return result, nil
	}
	if err := refusal(s.Name(), found, o); err != nil {
		return result, err
	}
	for _, f := range found {
		if err := t.take(ctx, f, o.Log); err != nil {
			return result, err
		}
	}
	result.Done = true
	return result, nil
}

// refusal lists the objects that these options do not cover, all at once and before the first is changed.
func refusal(stackName string, found []*Foreign, o Options) error {
	var lines []string
	for _, f := range found {
		switch {
		case f.Replace != "" && f.HoldsOthers():
			lines = append(lines, fmt.Sprintf("%s can't be changed into what the stack wants (%s), and what it holds would go with it: change the configuration, or choose another name", f.Object, f.Replace))
		case f.Replace != "" && !o.Replace:
			lines = append(lines, fmt.Sprintf("%s can't be changed into what the stack wants (%s): REPLACE=1 deletes it, and the next up creates it", f.Object, f.Replace))
		}
		if f.Stack != "" && !o.Force {
			lines = append(lines, fmt.Sprintf("%s belongs to the stack %s: destroy that stack, or choose another name; FORCE=1 takes it, if that stack is gone", f.Object, f.Stack))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return errors.New("stack " + stackName + " adopts nothing:\n  " + strings.Join(lines, "\n  "))
}
