package e2e

import (
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// recoveryLimit bounds the recovery of the site, without the lab's own boot.
const recoveryLimit = 5 * time.Minute

// stateFile is the copied state, and clusterStash the identity of the cluster in it.
const (
	stateFile    = "hankki-onprem.state.json"
	clusterStash = "urn:pulumi:onprem::hankki::pulumi:index:Stash::cluster"
)

// dump is a dump as the command prints it.
type dump struct {
	Name     string           `json:"name"`
	Bytes    int64            `json:"bytes"`
	Rows     int64            `json:"rows"`
	Tables   map[string]int64 `json:"tables"`
	Database string           `json:"database"`
}

// TestDrill rehearses the loss of cluster, registry and database server: a cook is logged in; the database is backed up; the whole lab
// is removed and started again; state and dump come back from outside. The rows are equal, the password works, and the cook's access
// token from before is still valid.
func TestDrill(t *testing.T) {
	l := runningLab(t)
	s := stageOnprem(t, l)
	s.setSecrets(t)
	s.set(t, "backup.enabled", "true")
	s.set(t, "backup.volume.size", "1Gi")
	out := io.Writer(os.Stdout)
	s.destroyAtEnd(t, l, new(bool))
	step := stepsOf(t)
	var c, late *cook
	var taken, last dump // last has the rows before the loss
	outside := t.TempDir()

	step("the site runs, and a cook is logged in", func(t *testing.T) {
		s.up(t, out)
		c = signUp(t, l)
		c.jar = filepath.Join(outside, "cookies") // the step's own folder is removed
	})
	step("a backup costs no read", func(t *testing.T) {
		r := startReads(t, l)
		taken = s.backUp(t)
		if failed, _ := failedReads(r.end(t)); failed > 0 {
			t.Errorf("%d reads failed", failed)
		}
		t.Logf("%s: %d bytes, %d rows", taken.Name, taken.Bytes, taken.Rows)
	})
	step("a change after the dump", func(t *testing.T) {
		late = signUp(t, l)
		late.jar = ""
		last = s.backUp(t)
	})
	step("dump and state are copied out of the cluster", func(t *testing.T) {
		s.run(t, "backups", "--copy", taken.Name, "--to", outside)
		checkDamagedDump(t, s, filepath.Join(outside, taken.Name+".dump"))
	})
	step("the whole lab is removed and started again", func(t *testing.T) {
		rebuild(t, l)
		runningLab(t)
	})
	began := time.Now()
	step("the state comes back", func(t *testing.T) { s.comeBack(t, l, filepath.Join(outside, stateFile), out) })
	step("the dump comes back", func(t *testing.T) {
		printed := s.run(t, "restore", "--from", filepath.Join(outside, taken.Name+".dump"), "--yes")
		expectOutput(t, printed, "uses the database hankki_restored_", "the previous database hankki is not changed")
	})
	step("rows, password and token are those of the dump", func(t *testing.T) {
		eventually(t, 30*time.Second, func() string { return unless(c.me(t), "200") }) // with the token of the lost cluster
		took := time.Since(began)
		t.Logf("recovered in %v, without the lab's boot", took.Round(time.Second))
		if took > recoveryLimit {
			t.Errorf("the recovery took longer than %v", recoveryLimit)
		}
		again := s.backUp(t)
		if !maps.Equal(again.Tables, taken.Tables) || !strings.HasPrefix(again.Database, "hankki_restored_") {
			t.Errorf("the database %s has the rows %v, the dump has %v", again.Database, again.Tables, taken.Tables)
		}
		if lost := lostRows(last.Tables, again.Tables); !maps.Equal(lost, map[string]int64{"public.users": 1}) {
			t.Errorf("the rows lost are %v, not only the account that was created after the dump", lost)
		} else {
			t.Logf("rows lost: %v", lost)
		}
		if code := c.logIn(t); code != "200" {
			t.Errorf("the cook's password is answered with %s", code)
		}
		if code := late.logIn(t); code != "401" {
			t.Errorf("the account after the dump is answered with %s", code)
		}
	})
	step("nothing is left to change, and no pod of the commands is left", func(t *testing.T) {
		if got := s.up(t, out); len(got) != 0 {
			t.Errorf("changed after the restore: %v", got)
		}
		if jobs := l.kubectl(t, "get", "jobs", "-n", "hankki", "-o", "name"); strings.Contains(jobs, "job.batch/dumps-") {
			t.Errorf("left is %s", jobs)
		}
	})
}

// TestEmbeddedBackup backs up and restores the database in the cluster. Its data before the restore stay.
func TestEmbeddedBackup(t *testing.T) {
	l := runningLab(t)
	s := stage(t, l, "dev", "hankki:backup.enabled=true", "hankki:backup.volume.size=1Gi", "hankki:backup.keep=2")
	out := io.Writer(os.Stdout)
	s.destroyAtEnd(t, l, new(bool))
	step := stepsOf(t)
	var c, late *cook
	var taken dump
	folder := t.TempDir()

	step("only the newest dumps stay", func(t *testing.T) {
		s.up(t, out)
		c = signUpAt(t, l, siteURL)
		c.jar = filepath.Join(folder, "cookies")
		oldest, kept := s.backUp(t), s.backUp(t)
		taken = s.backUp(t)
		listed := s.run(t, "backups")
		expectOutput(t, listed, kept.Name, taken.Name, "hankki")
		if strings.Contains(listed, oldest.Name) {
			t.Errorf("the oldest is still listed:\n%s", listed)
		}
	})
	step("a restore shows first", func(t *testing.T) {
		late = signUpAt(t, l, siteURL)
		late.jar = filepath.Join(folder, "cookies-late")
		expectOutput(t, s.run(t, "restore", "--from", taken.Name), "nothing has changed yet", "YES=1", taken.Name)
		expectOutput(t, s.fails(t, "restore", "--from", taken.Name, "--to", "hankki", "--yes"), "current database")
		if code := late.logIn(t); code != "200" {
			t.Errorf("after it a login is answered with %s", code)
		}
	})
	step("the dump is restored into a new database", func(t *testing.T) {
		expectOutput(t, s.run(t, "restore", "--from", taken.Name, "--yes"), "uses the database hankki_restored_")
		eventually(t, time.Minute, func() string { return unless(c.logIn(t), "200") })
		if code := late.logIn(t); code != "401" {
			t.Errorf("the account after the dump is answered with %s", code)
		}
		expectOutput(t, s.fails(t, "restore", "--from", taken.Name, "--to", "hankki", "--yes"), "exists and is not empty")
	})
	step("the previous database is the way back", func(t *testing.T) {
		s.set(t, "database.name", "hankki")
		s.up(t, out)
		eventually(t, time.Minute, func() string { return unless(late.logIn(t), "200") })
	})
	step("a failed backup reports the reason, and removes nothing", func(t *testing.T) {
		before := s.run(t, "backups")
		l.kubectl(t, "scale", "-n", "hankki", "deployment/postgres", "--replicas=0")
		l.kubectl(t, "wait", "-n", "hankki", "--for=delete", "pod", "-l", "app.kubernetes.io/name=postgres", "--timeout=60s")
		expectOutput(t, s.fails(t, "backup"), "the backup failed: PostgreSQL at ", "refuses the connection")
		l.kubectl(t, "scale", "-n", "hankki", "deployment/postgres", "--replicas=1")
		l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/postgres", "--timeout=90s")
		if after := s.run(t, "backups"); after != before {
			t.Errorf("the dumps were\n%s\nand are\n%s", before, after)
		}
	})
}

// lostRows returns how many rows fewer each table has; tables with as many rows as before are omitted.
func lostRows(before, after map[string]int64) map[string]int64 {
	lost := map[string]int64{}
	for table, rows := range before {
		if rows != after[table] {
			lost[table] = rows - after[table]
		}
	}
	return lost
}

// backUp takes a dump.
func (s stack) backUp(t *testing.T) (d dump) {
	t.Helper()
	if err := json.Unmarshal([]byte(s.run(t, "backup", "--output", "json")), &d); err != nil || d.Rows == 0 {
		t.Fatalf("hankki backup: %+v, %v", d, err)
	}
	return d
}

// run runs a command of hankki and returns its result.
func (s stack) run(t *testing.T, command string, flags ...string) string {
	t.Helper()
	c := s.hankki(t.Context(), command, flags...)
	var log strings.Builder
	c.Stderr = &log
	result, err := c.Output()
	if err != nil {
		t.Fatalf("hankki %s %v: %v\n%s", command, flags, err, log.String())
	}
	return string(result)
}

// fails runs a command of hankki that must fail, and returns its output.
func (s stack) fails(t *testing.T, command string, flags ...string) string {
	t.Helper()
	printed, err := s.hankki(t.Context(), command, flags...).CombinedOutput()
	if err == nil {
		t.Fatalf("hankki %s %v succeeds:\n%s", command, flags, printed)
	}
	return string(printed)
}

// checkDamagedDump restores a copy that is cut in half. It is refused.
func checkDamagedDump(t *testing.T, s stack, path string) {
	t.Helper()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	half := filepath.Join(folder, filepath.Base(path))
	description, err := os.ReadFile(strings.TrimSuffix(path, ".dump") + ".json")
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string][]byte{half: whole[:len(whole)/2], strings.TrimSuffix(half, ".dump") + ".json": description} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	expectOutput(t, s.fails(t, "restore", "--from", half, "--yes"), "is damaged")
}

// rebuild removes the lab with its registries and its database server, and starts it again.
func rebuild(t *testing.T, l lab) {
	t.Helper()
	began := time.Now()
	for _, target := range []string{"lab-down", "lab-up"} {
		if out, err := l.command(upLimit, "make", target, "LAB=on").CombinedOutput(); err != nil {
			t.Fatalf("make %s: %v\n%s", target, err, out)
		}
	}
	t.Logf("the lab was removed and started in %v", time.Since(began).Round(time.Second))
}

// comeBack deploys the stack to the new lab, from its file, its passphrase and the copied state, as docs/operations.md describes. The
// new lab has other passwords of the registry and the database server.
func (s stack) comeBack(t *testing.T, l lab, state string, out io.Writer) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(s.state, ".pulumi")); err != nil { // the backend is lost too
		t.Fatal(err)
	}
	s.pulumi(t, "stack", "init", "onprem")
	s.secrets["hankki:registryPassword"] = l.secretFile(t, "registry-password")
	s.secrets["hankki:databasePassword"] = l.secretFile(t, "postgres-password")
	s.setSecrets(t)
	s.pulumi(t, "stack", "import", "--stack", "onprem", "--file", state)
	s.pulumi(t, "state", "delete", clusterStash, "--stack", "onprem", "--yes")
	up := s.command(t, "pulumi", "up", "--stack", "onprem", "--yes", "--skip-preview", "--refresh", "--non-interactive", "--suppress-progress")
	up.Stdout, up.Stderr = out, out
	if err := up.Run(); err != nil {
		t.Fatalf("pulumi up --refresh: %v", err)
	}
}

// pulumi runs the CLI on the stack.
func (s stack) pulumi(t *testing.T, args ...string) {
	t.Helper()
	if printed, err := s.command(t, "pulumi", append(args, "--non-interactive")...).CombinedOutput(); err != nil {
		t.Fatalf("pulumi %s: %v\n%s", strings.Join(args, " "), err, printed)
	}
}
