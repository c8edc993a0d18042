package e2e

import (
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
)

// checkRegistryPassword changes the password in the registry and then in the stack, as docs/operations.md describes. Nodes pull
// with the new password, and no pod is replaced. Finally it restores the lab's password.
func checkRegistryPassword(t *testing.T, l lab, s stack, output io.Writer) {
	const key = "hankki:registryPassword"
	for _, password := range []string{rand.Text(), s.secrets[key]} {
		l.registryPassword(t, password)
		if err := s.SetConfig(t.Context(), key, auto.ConfigValue{Value: password, Secret: true}); err != nil {
			t.Fatal(err)
		}
		changed := s.up(t, output)
		if op := changed["kubernetes:core/v1:Secret hankki-registry"]; op != "update" {
			t.Errorf("the pull Secret: %q, want update", op)
		}
		for what := range changed {
			if strings.Contains(what, ":Deployment ") || strings.Contains(what, ":Job ") {
				t.Errorf("%s changed, though its pods do not use the password", what)
			}
		}
		s.change(t, "so that nodes pull")
		s.upChanges(t, output, newAPI...)
	}
}

func (l lab) registryPassword(t *testing.T, password string) {
	t.Helper()
	hash := l.command(upLimit, "htpasswd", "-iBn", "hankki")
	hash.Stdin = strings.NewReader(password)
	line, err := hash.Output()
	if err != nil {
		t.Fatal(err)
	}
	// The registry reloads the file when it changes.
	if err := os.WriteFile(filepath.Join(l.folder, "registry/htpasswd"), line, 0o600); err != nil {
		t.Fatal(err)
	}
}
