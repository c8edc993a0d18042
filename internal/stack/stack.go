// Package stack opens a stack through Pulumi's Automation API and reads its state.
package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"

	"hankki/internal/config"
)

// Stack is a stack in the backend of the environment (PULUMI_BACKEND_URL, or `pulumi login`).
type Stack struct {
	auto.Stack
	Project string // name of the Pulumi project
}

// ErrNotFound is wrapped by Open's error if the backend has no such stack.
var ErrNotFound = errors.New("does not exist in this backend")

// Open opens the stack of the project in folder. A stack that does not exist is an error. The stack that the user has selected
// (`pulumi stack select`) stays selected.
func Open(ctx context.Context, folder, name string, environment map[string]string) (*Stack, error) {
	if _, err := os.Stat(filepath.Join(folder, "Pulumi.yaml")); err != nil {
		return nil, fmt.Errorf("no Pulumi project in %s: %w; --cwd names its folder", folder, err)
	}
	pulumi, err := newCLI()
	if err != nil {
		return nil, err
	}
	selected, err := auto.SelectStackLocalSource(ctx, name, folder, auto.EnvVars(environment), auto.Pulumi(pulumi))
	if auto.IsSelectStack404Error(err) {
		return nil, fmt.Errorf("stack %q %w: `pulumi stack ls` lists those that do, `pulumi login` chooses another backend", name, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("stack %q: %w", name, err)
	}
	settings, err := selected.Workspace().ProjectSettings(ctx)
	if err != nil {
		return nil, fmt.Errorf("project in %s: %w", folder, err)
	}
	return &Stack{Stack: selected, Project: settings.Name.String()}, nil
}

// RunFor passes the command to the programs that run starts.
func (s *Stack) RunFor(c config.Command, run func() error) error {
	path, end, err := c.Offer()
	if err != nil {
		return err
	}
	defer end()
	s.Workspace().SetEnvVar(config.CommandVariable, path)
	defer s.Workspace().UnsetEnvVar(config.CommandVariable)
	return run()
}

// Deploy runs `pulumi up`. Its output goes to log.
func (s *Stack) Deploy(ctx context.Context, log io.Writer, options ...optup.Option) error {
	options = append(options, optup.ProgressStreams(log), optup.ErrorProgressStreams(log), optup.SuppressProgress())
	if _, err := s.Up(ctx, options...); err != nil {
		return fmt.Errorf("pulumi up of stack %s failed; its output is above", s.Name())
	}
	return nil
}

// Owner is the value of the owner annotation on this stack's objects.
func (s *Stack) Owner() string { return s.Project + "/" + s.Name() }

// State reads the stack's state. Secrets in it stay encrypted.
func (s *Stack) State(ctx context.Context) (*State, error) {
	exported, err := s.Export(ctx)
	if err != nil {
		return nil, fmt.Errorf("state of stack %s: %w", s.Name(), err)
	}
	state, err := Parse(exported.Deployment)
	if err != nil {
		return nil, fmt.Errorf("state of stack %s: %w", s.Name(), err)
	}
	state.version = exported.Version
	return state, nil
}

// Write replaces the stack's state.
func (s *Stack) Write(ctx context.Context, state *State) error {
	text, err := json.Marshal(state.document)
	if err != nil {
		return fmt.Errorf("state of stack %s: %w", s.Name(), err)
	}
	if err := s.Import(ctx, state.untyped(text)); err != nil {
		return fmt.Errorf("state of stack %s: %w", s.Name(), err)
	}
	return nil
}

// Namespace is hankki:namespace of the stack's configuration.
func (s *Stack) Namespace(ctx context.Context) (string, error) {
	return s.setting(ctx, "hankki:namespace")
}

// Role is hankki:role of the stack's configuration.
func (s *Stack) Role(ctx context.Context) (config.Role, error) {
	role, err := s.setting(ctx, "hankki:role")
	return config.Role(role), err
}

// setting is a key of the configuration, with the default that Pulumi.yaml declares.
func (s *Stack) setting(ctx context.Context, key string) (string, error) {
	all, err := s.GetAllConfig(ctx)
	if err != nil {
		return "", fmt.Errorf("configuration of stack %s: %w", s.Name(), err)
	}
	return all[key].Value, nil
}
