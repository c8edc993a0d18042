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

// checkRegistryPassword changes the password in the registry and then in the stack, as docs/operations.md says: nodes pull with
// the new one, and no pod is replaced for it. In the end it is the lab's own again.
func checkRegistryPassword(t *testing.T, l lab, s stack, output io.Writer) {
	const key = "hankki:registryPassword"
	for _, password := range []string{rand.Text(), s.secrets[key]} {
		l.registryPassword(t, password)
		if err := s.SetConfig(t.Context(), key, auto.ConfigValue{Value: password, Secret: true}); err != nil {
			t.Fatal(err)
		}
		changed := s.up(t, output)
		if op := changed["kubernetes:core/v1:Secret hankki-registry"]; op != "update" {
			t.Errorf("the Secret that nodes pull with: %q", op)
		}
		for what := range changed {
			if strings.Contains(what, ":Deployment ") || strings.Contains(what, ":Job ") {
				t.Errorf("%s is changed for the sake of a password that its pods don't know", what)
			}
		}
		s.change(t, "that nodes pull")
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
	// The registry looks at it anew when it has changed.
	if err := os.WriteFile(filepath.Join(l.folder, "registry/htpasswd"), line, 0o600); err != nil {
		t.Fatal(err)
	}
}
