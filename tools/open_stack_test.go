package tools_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"

	"hankki/internal/stack"
	"hankki/internal/testfile"
)

// A command on one stack does not change which stack `pulumi up` deploys.
func TestOpenKeepsTheSelectedStack(t *testing.T) {
	t.Parallel()
	p := newProject(t, newVault(t))
	p.env = append(p.env, "PULUMI_CONFIG_PASSPHRASE=of-the-kitchen")
	p.run(t, "", "stack", "init", "onprem")
	p.run(t, "", "stack", "init", "selected")
	s, err := stack.Open(t.Context(), p.folder, "onprem", p.environment())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.State(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.SetConfigWithOptions(t.Context(), "hankki:database.name", auto.ConfigValue{Value: "-restored"}, &auto.ConfigOptions{Path: true}); err != nil {
		t.Error(err)
	}
	if file := testfile.Read(t, filepath.Join(p.folder, "Pulumi.onprem.yaml")); !strings.Contains(file, "name: -restored") {
		t.Errorf("the stack's file lacks the value:\n%s", file)
	}
	if _, err := stack.Open(t.Context(), p.folder, "none", p.environment()); !errors.Is(err, stack.ErrNotFound) {
		t.Errorf("of a stack that does not exist: %v", err)
	}
	if selected := strings.TrimSpace(p.run(t, "", "stack", "--show-name")); selected != "selected" {
		t.Errorf("the stack %s is selected", selected)
	}
}
