package e2e

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// checkRotation rotates the signing key and both passwords by the commands of docs/operations.md. It returns the former values and
// the logs of the pods that used them. No read fails, and a cook stays logged in; a refresh may return 503 while Redis restarts.
// Each former value is refused right after its rotation.
func checkRotation(t *testing.T, l lab, s stack, output io.Writer) (former map[string]string, logged string) {
	rotate := example(t, filepath.Join(l.root, "docs/operations.md"), "rotate()")
	former = map[string]string{}
	logs := filepath.Join(t.TempDir(), "logs")
	c := signUp(t, l)
	token := c.token
	r := startReads(t, l)
	for _, rotation := range []struct {
		key     string
		seconds string // between the last two steps, instead of the documented time
		allowed []string
		refused func(replaced, current string) // fails the test unless replaced is refused and current accepted
		resumed bool                           // the rotation fails half-way and is resumed
	}{
		// The documented time is the lifetime of an access token. The cook's token is renewed each second.
		{"signingKey", "5", []string{"refresh 200", "me 200"}, func(_, _ string) { expectInvalid(t, c, token) }, false},
		{"redisPassword", "0", []string{"refresh 200", "me 200", "refresh 503"}, func(replaced, current string) {
			expectLogins(t, l.redisPing, replaced, current, "WRONGPASS", "PONG")
		}, false},
		{"databasePassword", "0", []string{"refresh 200", "me 200"}, func(replaced, current string) {
			expectLogins(t, l.postgresLogin, replaced, current, "password authentication failed", "accepted")
		}, true},
	} {
		key := "hankki:" + rotation.key
		replaced := s.secrets[key]
		former["the former "+rotation.key] = replaced
		codes := c.refreshWhile(t, func() {
			run := func(host, line string) error {
				script := s.command(t, "bash", "-c", "set -eu\nsleep() { command sleep "+rotation.seconds+"; }\n"+savingLogs+line)
				script.Env = append(script.Env, "PATH="+psqlOnClient(t, l)+":"+os.Getenv("PATH"), "PGHOST="+host, "PGUSER=hankki", "PGDATABASE=hankki",
					"LAB="+filepath.Join(l.root, "lab/lab"), "LOGS="+logs)
				script.Stdout, script.Stderr = output, output
				return script.Run()
			}
			line := rotate.of(t, rotation.key)
			if rotation.resumed {
				if err := run("10.0.1.2", line); err == nil { // a host without PostgreSQL
					t.Errorf("rotate %s succeeds without PostgreSQL", rotation.key)
				}
				line = strings.Replace(line, "\nrotate ", "\nFROM=2 rotate ", 1)
			}
			if err := run("10.0.1.3", line); err != nil {
				t.Errorf("rotate %s: %v", rotation.key, err)
			}
		})
		expectCodes(t, codes, rotation.allowed...)
		value, err := s.GetConfig(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if value.Value == replaced || !value.Secret {
			t.Errorf("%s is unchanged, or stored in plain text", key)
		}
		s.secrets[key] = value.Value
		rotation.refused(replaced, value.Value)
	}
	// Other tests on the same lab read this file.
	if err := os.WriteFile(filepath.Join(l.folder, "postgres-password"), []byte(s.secrets["hankki:databasePassword"]), 0o600); err != nil {
		t.Fatal(err)
	}
	r.stop(t)
	if code := c.refresh(t); code != "200" {
		t.Errorf("after the rotations a refresh returns %s", code)
	}
	kept, err := os.ReadFile(logs)
	if err != nil {
		t.Fatal(err)
	}
	return former, string(kept)
}

// savingLogs makes `pulumi up` in a script save the logs of all pods first, because up may replace them.
var savingLogs = `pulumi() {
  if [[ $1 == up ]]; then "$LAB" kubectl ` + strings.Join(logsOfAll, " ") + ` >>"$LOGS" || return; fi
  command pulumi "$@"
}
`

// expectInvalid fails the test unless the API rejects a token as invalid, not as expired.
func expectInvalid(t *testing.T, c *cook, token string) {
	t.Helper()
	printed, code := c.curl(t, "-H", "Authorization: Bearer "+token, apiURL+"/api/v1/me")
	if code != "401" || !strings.Contains(printed, "urn:hankki:problem:token-invalid") {
		t.Errorf("a token signed with the former key returns %s %s", code, printed)
	}
}

// expectLogins fails the test unless a server refuses the former password and accepts the current one.
func expectLogins(t *testing.T, login func(t *testing.T, password string) string, former, current, refusal, welcome string) {
	t.Helper()
	if printed := login(t, former); !strings.Contains(printed, refusal) {
		t.Errorf("a login with the former password prints %s", printed)
	}
	if printed := login(t, current); !strings.Contains(printed, welcome) {
		t.Errorf("a login with the current password prints %s", printed)
	}
}

// redisPing logs in to Redis as the API's user and returns the output. The password is not in the arguments of a process.
func (l lab) redisPing(t *testing.T, password string) string {
	t.Helper()
	c := l.command(time.Minute, "lab/lab", "kubectl", "exec", "-i", "-n", "hankki", "deploy/redis", "--", "sh", "-c",
		"read -r REDISCLI_AUTH && export REDISCLI_AUTH && redis-cli --user api ping")
	c.Stdin = strings.NewReader(password + "\n")
	out, err := c.CombinedOutput()
	return fmt.Sprintf("%s (%v)", out, err)
}

func (l lab) postgresLogin(t *testing.T, password string) string {
	t.Helper()
	out, err := l.psql(password, "-c", "SELECT 'accepted'").CombinedOutput()
	return fmt.Sprintf("%s (%v)", out, err)
}

// psql runs psql on the client host. The password is not in its arguments.
func (l lab) psql(password string, args ...string) *exec.Cmd {
	c := l.command(5*time.Minute, "lab/lab", append([]string{"exec", "client", "psql", "--no-psqlrc", "-tA"}, args...)...)
	c.Env = append(c.Environ(), "PGHOST=10.0.1.3", "PGUSER=hankki", "PGDATABASE=hankki", "PGPASSWORD="+password)
	return c
}

// psqlOnClient returns a folder with a psql that runs on the client host, because the machine of the tests is not on the lab's
// networks.
func psqlOnClient(t *testing.T, l lab) string {
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

// shellExample is a shell block of a document: functions, then lines that call them.
type shellExample struct{ functions, calls string }

// example returns the first shell example of a document that begins with the words.
func example(t *testing.T, document, words string) shellExample {
	t.Helper()
	functions, calls, found := strings.Cut(shellBlock(t, document, words), "\n\n")
	if !found {
		t.Fatalf("the example with %q in %s calls none of its functions", words, document)
	}
	return shellExample{functions, calls}
}

// shellBlock returns the first shell block of a document that begins with the words.
func shellBlock(t *testing.T, document, words string) string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(string(text), "```sh\n") {
		if block, _, found := strings.Cut(part, "```"); found && strings.HasPrefix(part, words) {
			return block
		}
	}
	t.Fatalf("%s has no shell block that begins with %q", document, words)
	return ""
}

// of returns the functions and the one call that has the word as an argument.
func (e shellExample) of(t *testing.T, word string) string {
	t.Helper()
	for line := range strings.Lines(e.calls) {
		if strings.Contains(line, " "+word+" ") {
			return e.functions + "\n" + line
		}
	}
	t.Fatalf("no call of the example has the argument %s:\n%s", word, e.calls)
	return ""
}
