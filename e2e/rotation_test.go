package e2e

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// checkRotation replaces the signing key and both passwords by the very commands of docs/operations.md, and gives their former
// values. Reads go on and a cook stays logged in; while Redis restarts, for its password, sessions may have to wait.
func checkRotation(t *testing.T, l lab, s stack, output io.Writer) (former map[string]string) {
	rotate := example(t, filepath.Join(l.root, "docs/operations.md"), "rotate()")
	former = map[string]string{}
	c := signUp(t, l)
	token := c.token
	r := startReads(t, l)
	for _, rotation := range []struct {
		key     string
		seconds string // between the last two steps, in place of those that are due
		allowed []string
	}{
		// There lies the life of an access token; the cook's is renewed each second.
		{"signingKey", "5", []string{"refresh 200", "me 200"}},
		{"redisPassword", "0", []string{"refresh 200", "me 200", "refresh 503"}},
		{"databasePassword", "0", []string{"refresh 200", "me 200"}},
	} {
		key := "hankki:" + rotation.key
		former["the former "+rotation.key] = s.secrets[key]
		codes := c.staysWhile(t, func() {
			script := s.command(t, "bash", "-c", "set -eu\nsleep() { command sleep "+rotation.seconds+"; }\n"+rotate.of(t, rotation.key))
			script.Env = append(script.Env, "PATH="+onDatabaseNetwork(t, l)+":"+os.Getenv("PATH"), "PGHOST=10.0.1.3", "PGUSER=hankki", "PGDATABASE=hankki")
			script.Stdout, script.Stderr = output, output
			if err := script.Run(); err != nil {
				t.Errorf("rotate %s: %v", rotation.key, err)
			}
		})
		expectCodes(t, codes, rotation.allowed...)
		value, err := s.GetConfig(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if value.Value == s.secrets[key] || !value.Secret {
			t.Errorf("%s is the former one, or no secret", key)
		}
		s.secrets[key] = value.Value
	}
	// For other tests on the same lab.
	if err := os.WriteFile(filepath.Join(l.folder, "postgres-password"), []byte(s.secrets["hankki:databasePassword"]), 0o600); err != nil {
		t.Fatal(err)
	}
	r.stop(t, l)
	if code := c.refresh(t); code != "200" {
		t.Errorf("after all the login is renewed with %s", code)
	}
	c.token = token
	if code := c.me(t); code != "401" {
		t.Errorf("a token signed with the former key is answered with %s", code)
	}
	return former
}

// onDatabaseNetwork is a folder with a psql that runs on the client host: the machine of these tests is on no network of the
// lab.
func onDatabaseNetwork(t *testing.T, l lab) string {
	t.Helper()
	folder := t.TempDir()
	installed, err := exec.LookPath("psql")
	if err != nil {
		t.Fatal(err)
	}
	psql := "#!/bin/sh\nexec " + filepath.Join(l.root, "lab/lab") + " exec client " + installed + " \"$@\"\n"
	if err := os.WriteFile(filepath.Join(folder, "psql"), []byte(psql), 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}

// shellExample is a block of shell of a document: functions, then lines that call them.
type shellExample struct{ functions, calls string }

// example is the first of a document that begins with the words.
func example(t *testing.T, document, words string) shellExample {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(string(text), "```sh\n") {
		block, _, _ := strings.Cut(part, "```")
		if functions, calls, found := strings.Cut(block, "\n\n"); found && strings.HasPrefix(part, words) {
			return shellExample{functions, calls}
		}
	}
	t.Fatalf("%s has no example with %q", document, words)
	return shellExample{}
}

// of is the example with the one line that has the word as an argument.
func (e shellExample) of(t *testing.T, word string) string {
	t.Helper()
	for line := range strings.Lines(e.calls) {
		if strings.Contains(line, " "+word+" ") {
			return e.functions + "\n" + line
		}
	}
	t.Fatalf("no line of the example is about %s:\n%s", word, e.calls)
	return ""
}
