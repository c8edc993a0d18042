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

// checkRotation replaces the signing key and both passwords by the very commands of docs/operations.md, and gives their former
// values, and what the pods logged that had them. Reads go on and a cook stays logged in; while Redis restarts, for its
// password, sessions may have to wait. What was replaced is worth nothing as soon as it is.
func checkRotation(t *testing.T, l lab, s stack, output io.Writer) (former map[string]string, logged string) {
	rotate := example(t, filepath.Join(l.root, "docs/operations.md"), "rotate()")
	former = map[string]string{}
	logs := filepath.Join(t.TempDir(), "logs")
	c := signUp(t, l)
	token := c.token
	r := startReads(t, l)
	for _, rotation := range []struct {
		key     string
		seconds string // between the last two steps, in place of those that are due
		allowed []string
		refused func(replaced, current string) // fails the test unless the first is, and the second is not
		resumed bool                           // after it failed half-way
	}{
		// There lies the life of an access token; the cook's is renewed each second.
		{"signingKey", "5", []string{"refresh 200", "me 200"}, func(_, _ string) { expectInvalid(t, c, token) }, false},
		{"redisPassword", "0", []string{"refresh 200", "me 200", "refresh 503"}, func(replaced, current string) {
			expectLogins(t, l.redisSays, replaced, current, "WRONGPASS", "PONG")
		}, false},
		{"databasePassword", "0", []string{"refresh 200", "me 200"}, func(replaced, current string) {
			expectLogins(t, l.postgresSays, replaced, current, "password authentication failed", "at your service")
		}, true},
	} {
		key := "hankki:" + rotation.key
		replaced := s.secrets[key]
		former["the former "+rotation.key] = replaced
		codes := c.staysWhile(t, func() {
			run := func(host, line string) error {
				script := s.command(t, "bash", "-c", "set -eu\nsleep() { command sleep "+rotation.seconds+"; }\n"+keepingLogs+line)
				script.Env = append(script.Env, "PATH="+onDatabaseNetwork(t, l)+":"+os.Getenv("PATH"), "PGHOST="+host, "PGUSER=hankki", "PGDATABASE=hankki",
					"LAB="+filepath.Join(l.root, "lab/lab"), "LOGS="+logs)
				script.Stdout, script.Stderr = output, output
				return script.Run()
			}
			line := rotate.of(t, rotation.key)
			if rotation.resumed {
				if err := run("10.0.1.2", line); err == nil { // where no PostgreSQL is
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
			t.Errorf("%s is the former one, or no secret", key)
		}
		s.secrets[key] = value.Value
		rotation.refused(replaced, value.Value)
	}
	// For other tests on the same lab.
	if err := os.WriteFile(filepath.Join(l.folder, "postgres-password"), []byte(s.secrets["hankki:databasePassword"]), 0o600); err != nil {
		t.Fatal(err)
	}
	r.stop(t)
	if code := c.refresh(t); code != "200" {
		t.Errorf("after all the login is renewed with %s", code)
	}
	kept, err := os.ReadFile(logs)
	if err != nil {
		t.Fatal(err)
	}
	return former, string(kept)
}

// keepingLogs has each up of a script keep before it what the pods logged that it may replace.
var keepingLogs = `pulumi() {
  if [[ $1 == up ]]; then "$LAB" kubectl ` + strings.Join(logsOfAll, " ") + ` >>"$LOGS" || return; fi
  command pulumi "$@"
}
`

// expectInvalid demands that a token is none, and not only too old.
func expectInvalid(t *testing.T, c *cook, token string) {
	t.Helper()
	said, code := c.curl(t, "-H", "Authorization: Bearer "+token, apiURL+"/api/v1/me")
	if code != "401" || !strings.Contains(said, "urn:hankki:problem:token-invalid") {
		t.Errorf("a token signed with the former key is answered with %s %s", code, said)
	}
}

// expectLogins demands that a server refuses the former password, and lets the current one in.
func expectLogins(t *testing.T, says func(t *testing.T, password string) string, former, current, refusal, welcome string) {
	t.Helper()
	if said := says(t, former); !strings.Contains(said, refusal) {
		t.Errorf("the former password is answered with %s", said)
	}
	if said := says(t, current); !strings.Contains(said, welcome) {
		t.Errorf("the current password is answered with %s", said)
	}
}

// redisSays what it does to the API's user with a password, which stays out of the arguments of a process.
func (l lab) redisSays(t *testing.T, password string) string {
	t.Helper()
	c := l.command(time.Minute, "lab/lab", "kubectl", "exec", "-i", "-n", "hankki", "deploy/redis", "--", "sh", "-c",
		"read -r REDISCLI_AUTH && export REDISCLI_AUTH && redis-cli --user api ping")
	c.Stdin = strings.NewReader(password + "\n")
	out, err := c.CombinedOutput()
	return fmt.Sprintf("%s (%v)", out, err)
}

func (l lab) postgresSays(t *testing.T, password string) string {
	t.Helper()
	out, err := l.psql(password, "-c", "SELECT 'at your service'").CombinedOutput()
	return fmt.Sprintf("%s (%v)", out, err)
}

// psql is one on the client host, with a password that stays out of its arguments.
func (l lab) psql(password string, args ...string) *exec.Cmd {
	c := l.command(5*time.Minute, "lab/lab", append([]string{"exec", "client", "psql", "--no-psqlrc", "-tA"}, args...)...)
	c.Env = append(c.Environ(), "PGHOST=10.0.1.3", "PGUSER=hankki", "PGDATABASE=hankki", "PGPASSWORD="+password)
	return c
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
	functions, calls, found := strings.Cut(shellBlock(t, document, words), "\n\n")
	if !found {
		t.Fatalf("the example with %q in %s calls none of its functions", words, document)
	}
	return shellExample{functions, calls}
}

// shellBlock is the first block of shell of a document that begins with the words.
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
	t.Fatalf("%s has no block of shell that begins with %q", document, words)
	return ""
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
