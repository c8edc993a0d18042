package e2e

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// checkRotation replaces the signing key and Redis' password by the very command of docs/operations.md, and gives their
// former values. Reads go on and a cook stays logged in; while Redis restarts, for its password, sessions may have to wait.
func checkRotation(t *testing.T, l lab, s stack, output io.Writer) []string {
	rotate := command(t, filepath.Join(l.root, "docs/operations.md"), "rotate()")
	c := signUp(t, l)
	former := c.token
	r := startReads(t, l)
	for _, rotation := range []struct {
		key, arguments string
		allowed        []string
	}{
		// Between the last two steps lies the life of an access token; the cook's is renewed each second.
		{"hankki:signingKey", "signingKey signingKeyFallbacks 5", []string{"refresh 200", "me 200"}},
		{"hankki:redisPassword", "redisPassword redisPasswordFallback 0", []string{"refresh 200", "me 200", "refresh 503"}},
	} {
		codes := c.staysWhile(t, func() {
			script := s.command(t, "bash", "-c", "set -eu\n"+rotate+"\nrotate "+rotation.arguments)
			script.Stdout, script.Stderr = output, output
			if err := script.Run(); err != nil {
				t.Errorf("rotate %s: %v", rotation.arguments, err)
			}
		})
		expectCodes(t, codes, rotation.allowed...)
		value, err := s.GetConfig(t.Context(), rotation.key)
		if err != nil {
			t.Fatal(err)
		}
		if value.Value == s.secrets[rotation.key] || !value.Secret {
			t.Errorf("%s is the former one, or no secret", rotation.key)
		}
	}
	r.stop(t, l)
	if code := c.refresh(t); code != "200" {
		t.Errorf("after all the login is renewed with %s", code)
	}
	c.token = former
	if code := c.me(t); code != "401" {
		t.Errorf("a token signed with the former key is answered with %s", code)
	}
	return []string{s.secrets["hankki:signingKey"], s.secrets["hankki:redisPassword"]}
}

// command is the first shell example of a document that has the words in it, up to its closing brace.
func command(t *testing.T, document, words string) string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(string(text), "```sh\n") {
		function, _, found := strings.Cut(part, "\n}\n")
		if found && strings.HasPrefix(part, words) {
			return function + "\n}"
		}
	}
	t.Fatalf("%s has no example with %q", document, words)
	return ""
}
