// Package adopt transfers the ownership of existing objects to a stack that would create them.
package adopt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"hankki/internal/stack"
)

// Options of an adoption.
type Options struct {
	Yes     bool      // change the cluster; otherwise only report
	Replace bool      // delete objects that can't be updated to the stack's manifest
	Force   bool      // adopt objects of another hankki stack too
	Log     io.Writer // progress
}

// Result of an adoption.
type Result struct {
	Objects []*Foreign `json:"objects"`
	Done    bool       `json:"done"`
}

// Run lists the objects that the stack would create but that exist and belong to no one or to another stack. With Yes
// it annotates them as the stack's, and the next up applies the stack's manifests to them.
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
	if err := checkOptions(s.Name(), found, o); err != nil {
		return result, err
	}
	for _, f := range found {
		if err := t.adopt(ctx, f, o.Log); err != nil {
			return result, err
		}
	}
	result.Done = true
	return result, nil
}

// checkOptions lists all objects that the options do not cover, before any object is changed.
func checkOptions(stackName string, found []*Foreign, o Options) error {
	var lines []string
	for _, f := range found {
		switch {
		case f.Replace != "" && f.HoldsOthers():
			lines = append(lines, fmt.Sprintf("%s can't be updated to the stack's manifest (%s), and deleting it would delete its contents: change the configuration, or choose another name", f.Object, f.Replace))
		case f.Replace != "" && !o.Replace:
			lines = append(lines, fmt.Sprintf("%s can't be updated to the stack's manifest (%s): REPLACE=1 deletes it, and the next up creates it", f.Object, f.Replace))
		}
		if f.Stack != "" && !o.Force {
			lines = append(lines, fmt.Sprintf("%s belongs to the stack %s: destroy that stack, or choose another name; if that stack no longer exists, FORCE=1 adopts the object", f.Object, f.Stack))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return errors.New("stack " + stackName + " adopts no objects:\n  " + strings.Join(lines, "\n  "))
}
