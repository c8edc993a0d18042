package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/config"
)

// The Command ends with the process of the command.
func TestCommandEndsWithItsProcess(t *testing.T) {
	offered := config.Command{Handover: "default", Move: "kitchen", Adopt: true}
	path, end, err := offered.Offer()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(config.CommandVariable, path)
	for preview, want := range map[bool]config.Command{true: offered, false: {Handover: "default"}} {
		c := &config.Config{Namespace: "hankki"}
		if err := c.LoadCommand(preview); err != nil || c.Command != want {
			t.Errorf("preview %v: %+v, %v", preview, c.Command, err)
		}
		if moved := c.Namespace == "kitchen"; moved != preview {
			t.Errorf("preview %v: the namespace is %s", preview, c.Namespace)
		}
	}
	end()
	if _, err := os.Stat(filepath.Dir(path)); !os.IsNotExist(err) {
		t.Errorf("the socket's folder is left: %v", err)
	}
	refused(t, "of a command that has ended")

	// A killed process leaves its socket file behind.
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(filepath.Dir(path)) })
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, "of a command that was killed")
	t.Setenv(config.CommandVariable, "default") // as a user might try
	refused(t, "by hand")
	t.Setenv(config.CommandVariable, "")
	if err := (&config.Config{}).LoadCommand(false); err != nil {
		t.Error(err)
	}
}

func refused(t *testing.T, whose string) {
	t.Helper()
	c := &config.Config{Namespace: "hankki"}
	err := c.LoadCommand(false)
	if err == nil || c.Command != (config.Command{}) || !strings.Contains(err.Error(), "unset HANKKI_RUN") {
		t.Errorf("%s: %+v, %v", whose, c.Command, err)
	}
}
