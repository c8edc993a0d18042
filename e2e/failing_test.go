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
)

// brokenMigration fails as migrations do: in PostgreSQL. It comes after the newest one.
const brokenMigration = `"""a migration that can't be applied"""
from alembic import op
revision = "9999"
down_revision = %q
branch_labels = None
depends_on = None
def upgrade():
    op.execute("ALTER TABLE no_such_table ADD COLUMN spice text")
`

// checkFailedRelease has a migration fail: the output holds the end of its log, what ran before goes on serving, and the next
// up after the repair needs nothing else.
func checkFailedRelease(t *testing.T, l lab, s stack, output io.Writer) {
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

// checkFailedRollouts breaks each tier in a way of its own: all at once, where the first that fails ends the up before it
// has heard of the others, then one after the other, where the output tells the reason.
func checkFailedRollouts(t *testing.T, l lab, s stack, output io.Writer) {
	breakRedis := func() { s.set(t, "redis.maxMemory", "64gb") } // of which no node has so much
	breakBackend := func() {
		appendTo(t, filepath.Join(s.folder, "images/backend/gunicorn.conf.py"), "\nraise RuntimeError('the oven is cold')\n")
	}
	breakFrontend := func() {
		replaceIn(t, filepath.Join(s.folder, "images/frontend/nginx/health.conf"), `return 200 "ok\n";`, "return 503;")
	}
	repair := func() {
		s.set(t, "redis.maxMemory", "128mb")
		s.copyImages(t, l)
	}
	r := startReads(t, l)
	s.set(t, "rolloutTimeout", "30")
	s.set(t, "redis.persistence.enabled", "false") // its volume would have to be as large as its memory

	breakRedis()
	breakBackend()
	breakFrontend()
	expectOutput(t, s.upError(t, output), "did not come up")
	for _, tier := range []struct {
		breakIt func()
		said    []string
	}{
		{breakRedis, []string{"Deployment redis in namespace hankki did not come up", "Unschedulable", "Insufficient memory"}},
		{breakBackend, []string{"Deployment backend in namespace hankki did not come up", "the oven is cold"}},
		{breakFrontend, []string{"Deployment frontend in namespace hankki did not come up", "Startup probe failed: HTTP probe failed with statuscode: 503"}},
	} {
		repair()
		tier.breakIt()
		expectOutput(t, s.upError(t, output), tier.said...)
		expectOutput(t, s.upError(t, output), tier.said...) // and the next up is not content with what it finds unchanged
	}
	repair()
	checkHangingRelease(t, l, s, output)
	s.unset(t, "rolloutTimeout")
	s.set(t, "redis.persistence.enabled", "true") // as the next steps know it
	s.converges(t, l, output)
	r.stop(t)
}

// checkHangingRelease has another release be at work for longer than an up waits, which then tells so.
func checkHangingRelease(t *testing.T, l lab, s stack, output io.Writer) {
	end := l.holdReleases(t, s.secrets["hankki:databasePassword"])
	s.change(t, "while another release is at work")
	expectOutput(t, s.upError(t, output), "still runs", "waits for another one that is at work")
	end()
}

// releaseLock is LOCK_KEY of images/backend/app/release.py: "hankki" as a number.
const releaseLock = "114767673650025"

// holdReleases takes the lock of whoever migrates the database, until end is called. It is the session's, and goes with it.
func (l lab) holdReleases(t *testing.T, password string) (end func()) {
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
		_ = commands.Close() // which ends psql, if it has not ended already
		if err := holder.Wait(); err != nil {
			t.Errorf("psql, which held the lock: %v", err)
		}
	})
	t.Cleanup(end)
	if _, err := io.WriteString(commands, "SELECT pg_advisory_lock("+releaseLock+");\n"); err != nil {
		t.Fatal(err)
	}
	eventually(t, 10*time.Second, func() string {
		free, err := l.psql(password, "-c", "SELECT pg_try_advisory_lock("+releaseLock+")").Output()
		return unless(fmt.Sprint(strings.TrimSpace(string(free)), err), "f<nil>")
	})
	return end
}

// expectOutput fails the test for each word that the output of an up lacks.
func expectOutput(t *testing.T, said string, words ...string) {
	t.Helper()
	missing := slices.DeleteFunc(slices.Clone(words), func(word string) bool { return strings.Contains(said, word) })
	if len(missing) > 0 {
		t.Errorf("the output lacks %q:\n%s", missing, said)
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
