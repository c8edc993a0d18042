package e2e

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// brokenMigration fails as migrations do: in PostgreSQL.
const brokenMigration = `"""a migration that can't be applied"""
from alembic import op
revision = "9999"
down_revision = "0002"
branch_labels = None
depends_on = None
def upgrade():
    op.execute("ALTER TABLE no_such_table ADD COLUMN spice text")
`

// checkFailedRelease has a migration fail: the output holds the end of its log, what ran before goes on serving, and the next
// up after the repair needs nothing else.
func checkFailedRelease(t *testing.T, l lab, s stack, output io.Writer) {
	r := startReads(t, l)
	migration := filepath.Join(s.folder, "images/backend/migrations/versions/9999_broken.py")
	if err := os.WriteFile(migration, []byte(brokenMigration), 0o644); err != nil {
		t.Fatal(err)
	}
	tells(t, s.upError(t, output), "no_such_table")
	r.stop(t, l)
	if err := os.Remove(migration); err != nil {
		t.Fatal(err)
	}
	s.converges(t, l, output)
	checkPods(t, l)
}

// checkFailedRollouts has the roll-out of each tier fail for a reason of its own, and the output tell which.
func checkFailedRollouts(t *testing.T, l lab, s stack, output io.Writer) {
	r := startReads(t, l)
	s.set(t, "rolloutTimeout", "60")
	s.set(t, "redis.persistence.enabled", "false") // its volume would have to be as large
	s.set(t, "redis.maxMemory", "64gb")            // of which no node has so much
	appendTo(t, filepath.Join(s.folder, "images/backend/gunicorn.conf.py"), "\nraise RuntimeError('the oven is cold')\n")
	replaceIn(t, filepath.Join(s.folder, "images/frontend/nginx/hankki.conf"), `return 200 "ok\n";`, "return 503;")
	tells(t, s.upError(t, output),
		"Deployment redis in namespace hankki did not come up", "Unschedulable", "Insufficient memory",
		"Deployment backend in namespace hankki did not come up", "the oven is cold",
		"Deployment frontend in namespace hankki did not come up", "Startup probe failed: HTTP probe failed with statuscode: 503",
	)
	r.stop(t, l)

	s.unset(t, "rolloutTimeout")
	s.set(t, "redis.maxMemory", "128mb")
	s.copyImages(t, l)
	s.converges(t, l, output)
}

// tells fails the test for each word that the output of an up lacks.
func tells(t *testing.T, said string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(said, word) {
			t.Errorf("pulumi up does not say %q", word)
		}
	}
}

func replaceIn(t *testing.T, file, old, replacement string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("%q is not in %s", old, file)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), old, replacement, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}
