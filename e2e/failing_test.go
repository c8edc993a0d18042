package e2e

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hankki/internal/testfile"
)

// brokenMigration fails in PostgreSQL. Its down_revision is the newest migration.
const brokenMigration = `"""a migration that can't be applied"""
from alembic import op
revision = "9999"
down_revision = %q
branch_labels = None
depends_on = None
def upgrade():
    op.execute("ALTER TABLE no_such_table ADD COLUMN spice text")
`

// checkFailedMigration adds a migration that fails. The output has the end of its log, the previous pods keep serving, and one
// up completes the change after the migration was removed.
func checkFailedMigration(t *testing.T, l lab, s stack, output io.Writer) {
	r := startReads(t, l)
	versions := filepath.Join(s.folder, "images/backend/migrations/versions")
	all, err := filepath.Glob(filepath.Join(versions, "[0-9]*.py"))
	if err != nil || len(all) == 0 {
		t.Fatalf("migrations: %q, %v", all, err)
	}
	newest, _, _ := strings.Cut(filepath.Base(all[len(all)-1]), "_")
	migration := filepath.Join(versions, "9999_broken.py")
	if err := os.WriteFile(migration, fmt.Appendf(nil, brokenMigration, newest), 0o644); err != nil {
		t.Fatal(err)
	}
	expectOutput(t, s.upError(t, output), "no_such_table")
	r.stop(t)
	if err := os.Remove(migration); err != nil {
		t.Fatal(err)
	}
	s.converges(t, l, output)
	checkPods(t, l, 1)
}

// checkFailedRollouts breaks each tier in a different way. With all tiers broken, the first failure ends the up before the others
// are reported. With one tier broken, the output has the reason.
func checkFailedRollouts(t *testing.T, l lab, s stack, output io.Writer) {
	breakRedis := func(t *testing.T) { s.set(t, "redis.maxMemory", "64gb") } // more than any node has
	breakBackend := func(t *testing.T) {
		appendTo(t, filepath.Join(s.folder, "images/backend/gunicorn.conf.py"), "\nraise RuntimeError('the oven is cold')\n")
	}
	breakFrontend := func(t *testing.T) {
		replaceIn(t, filepath.Join(s.folder, "images/frontend/nginx/health.conf"), `return 200 "ok\n";`, "return 503;")
	}
	repair := func(t *testing.T) {
		s.set(t, "redis.maxMemory", "128mb")
		testfile.CopyCheckout(t, l.root, s.folder, "images")
	}
	r := startReads(t, l)
	s.set(t, "rolloutTimeout", "30")
	s.set(t, "redis.persistence.enabled", "false") // a volume of this size does not fit on a node

	breakRedis(t)
	breakBackend(t)
	breakFrontend(t)
	expectOutput(t, s.upError(t, output), "did not come up")
	for _, tier := range []struct {
		name    string
		breakIt func(t *testing.T)
		want    []string
	}{
		{"redis", breakRedis, []string{"Deployment redis in namespace hankki did not come up", "Unschedulable", "Insufficient memory"}},
		{"backend", breakBackend, []string{"Deployment backend in namespace hankki did not come up", "the oven is cold"}},
		{"frontend", breakFrontend, []string{"Deployment frontend in namespace hankki did not come up", "Startup probe failed: HTTP probe failed with statuscode: 503"}},
	} {
		t.Run(tier.name, func(t *testing.T) {
			repair(t)
			tier.breakIt(t)
			expectOutput(t, s.upError(t, output), tier.want...)
			expectOutput(t, s.upError(t, output), tier.want...) // the next up fails too, though no resource changes
		})
	}
	repair(t)
	checkHangingMigration(t, l, s, output)
	s.unset(t, "rolloutTimeout")
	s.set(t, "redis.persistence.enabled", "true") // as the next steps expect
	s.converges(t, l, output)
	r.stop(t)
}

// checkHangingMigration holds the migration lock for longer than an up waits. The up fails and names the cause.
func checkHangingMigration(t *testing.T, l lab, s stack, output io.Writer) {
	end := l.holdMigrations(t, s.secrets["hankki:databasePassword"])
	s.change(t, "while another migration holds the lock")
	expectOutput(t, s.upError(t, output), "still running", "waiting for another migration that is running")
	end()
}

// migrationLock is LOCK_KEY in images/backend/app/release.py: the bytes of "hankki" as a number.
const migrationLock = "114767673650025"

// holdMigrations takes the advisory lock of migrations until end is called. The lock belongs to the psql session and ends with it.
func (l lab) holdMigrations(t *testing.T, password string) (end func()) {
	t.Helper()
	holder := l.psql(password)
	commands, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	end = sync.OnceFunc(func() {
		_ = commands.Close() // ends psql; if it fails, so does Wait
		if err := holder.Wait(); err != nil {
			t.Errorf("psql, which held the lock: %v", err)
		}
	})
	t.Cleanup(end)
	if _, err := io.WriteString(commands, "SELECT pg_advisory_lock("+migrationLock+");\n"); err != nil {
		t.Fatal(err)
	}
	eventually(t, 10*time.Second, func() string {
		free, err := l.psql(password, "-c", "SELECT pg_try_advisory_lock("+migrationLock+")").Output()
		return unless(fmt.Sprint(strings.TrimSpace(string(free)), err), "f<nil>")
	})
	return end
}

// expectOutput fails the test if the output of a command lacks one of the texts.
func expectOutput(t *testing.T, printed string, words ...string) {
	t.Helper()
	missing := slices.DeleteFunc(slices.Clone(words), func(word string) bool { return strings.Contains(printed, word) })
	if len(missing) > 0 {
		t.Errorf("the output lacks %q:\n%s", missing, printed)
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
