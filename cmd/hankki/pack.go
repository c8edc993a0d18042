package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"hankki/internal/guardrails"
	"hankki/internal/manifest"
	"hankki/internal/stack"
)

// isPack reports whether Pulumi has started this command as its policy pack, through a link.
func isPack(executable string) bool { return filepath.Base(executable) == guardrails.PackName }

// servePack serves the guard rails until Pulumi exits.
func servePack(log io.Writer) (code int) {
	if err := guardrails.Serve(deployed); err != nil {
		fmt.Fprintln(log, err)
		return failed
	}
	return 0
}

// deployed returns the objects of the stack. Pulumi starts a policy pack in the project's folder with its own
// environment.
func deployed(ctx context.Context, name string) ([]manifest.Resource, error) {
	s, err := stack.Open(ctx, ".", name, nil)
	if err != nil {
		return nil, err
	}
	state, err := s.State(ctx)
	if err != nil {
		return nil, err
	}
	return state.Manifests(), nil
}
