package tools_test

import (
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/history"
	"hankki/internal/rollback"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

func (s site) rollback(t *testing.T, to int) (rollback.Result, error) {
	t.Helper()
	defer nextSecond()
	return rollback.Run(t.Context(), s.Stack, rollback.Options{To: to, Log: io.Discard})
}

// expectRefused checks that a rollback is refused with these words, before anything changes.
func (s site) expectRefused(t *testing.T, to int, words ...string) {
	t.Helper()
	file, updates := s.text(t), s.updates(t)
	_, err := s.rollback(t, to)
	stacktest.CheckError(t, err, append(words, "nothing has changed")...)
	if s.text(t) != file || s.updates(t) != updates {
		t.Errorf("something has changed:\n%s", s.text(t))
	}
}

// updates returns the number of updates in the local backend.
func (s site) updates(t *testing.T) int {
	t.Helper()
	state := strings.TrimPrefix(s.Workspace().GetEnvVars()["PULUMI_BACKEND_URL"], "file://")
	files, err := filepath.Glob(filepath.Join(state, ".pulumi/history/*", s.Name(), "*.history.json"))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

func (s site) releases(t *testing.T) []history.Update {
	t.Helper()
	all, err := history.List(t.Context(), s.Stack)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// expectRuns checks the newest update.
func (s site) expectRuns(t *testing.T, images map[string]string) {
	t.Helper()
	newest := s.releases(t)[0]
	if newest.Result != history.Succeeded || newest.Images["backend"] != images["backend"] || newest.Images["redis"] != images["redis"] {
		t.Errorf("the newest update is %+v, not with %v", newest, images)
	}
}

func report(revision, head, contracts string) string {
	return `{"revision": "` + revision + `", "head": "` + head + `", "contracts": {` + contracts + `}}`
}

func newReleasing(t *testing.T) (site, pantry) {
	t.Helper()
	images := newPantry(t)
	p := newProject(t, newVault(t))
	p.env = append(p.env, programVariable+"=releasing", "PULUMI_CONFIG_PASSPHRASE=of-the-kitchen")
	return p.newSite(t, "onprem", images), images
}

// docs/operations.md, Roll back.
func TestRollbackCommand(t *testing.T) {
	s, registry := newReleasing(t)
	first, second, third := registry.build(t), registry.build(t), registry.build(t)
	s.expectRefused(t, 0, "no earlier release")
	s.mustUp(t, first, report("0008", "0008", ""))
	s.expectRefused(t, 0, "no earlier release")
	s.mustUp(t, second, report("0009", "0009", ""))
	s.expectUse(t, nil)

	result, err := s.rollback(t, 0)
	if err != nil || result.To != 1 || result.From != 2 {
		t.Fatalf("%+v, error %v", result, err)
	}
	s.expectUse(t, first)
	s.expectRuns(t, first)
	if newest := s.releases(t)[0]; newest.Message != "rollback to release 1" || strings.Join(newest.Changed, " ") != "backend frontend redis" {
		t.Errorf("the rollback is listed as %+v", newest)
	}
	if s.updates(t) != 3 {
		t.Errorf("the local backend has %d updates, not 3", s.updates(t))
	}
	s.expectRefused(t, 3, "release 3 has the images that run")
	s.expectRefused(t, 1, "release 1 has the images that run")
	s.expectRefused(t, 7, "no update 7")

	s.project.run(t, "", "config", "rm", "--path", "hankki:images.use", "--stack", "onprem")
	s.mustUp(t, third, report("0010", "0010", ""))
	s.expectRuns(t, third)
	if _, err := s.rollback(t, 2); err != nil {
		t.Fatal(err)
	}
	s.expectUse(t, second)
	s.expectRuns(t, second)
}

// After an update that failed, the release before it is not complete either: it runs again.
func TestRollbackAfterAFailedUpdate(t *testing.T) {
	t.Parallel()
	s, registry := newReleasing(t)
	first, broken := registry.build(t), registry.build(t)
	s.mustUp(t, first, report("0008", "0008", ""))
	s.set(t, "BROKEN", broken["backend"])
	if err := s.up(t, broken, report("0009", "0009", "")); err == nil {
		t.Fatal("the update does not fail")
	}
	if newest := s.releases(t)[0]; newest.Result != "failed" || newest.Images != nil {
		t.Errorf("the failed update is listed as %+v", newest)
	}
	s.expectRefused(t, 2, "update 2 is no release", "failed")
	result, err := s.rollback(t, 0)
	if err != nil || result.To != 1 {
		t.Fatalf("%+v, error %v", result, err)
	}
	s.expectRuns(t, first)
}

func TestRollbackThatTheDatabaseOrTheRegistryDoesNotAdmit(t *testing.T) {
	s, registry := newReleasing(t)
	first, second, third, fourth := registry.build(t), registry.build(t), registry.build(t), registry.build(t)
	s.mustUp(t, first, report("0008", "0008", ""))
	s.mustUp(t, second, report("0009", "0009", ""))
	s.mustUp(t, third, report("0010", "0010", ""))
	s.mustUp(t, fourth, report("0011", "0011", `"0011": "0009"`))
	s.expectRefused(t, 1, "migration 0011", "contract: 0009", "release 1 has revision 0008")
	s.expectRefused(t, 2, "migration 0011", "release 2 has revision 0009")
	registry.lacks(t, second["backend"])
	registry.lacks(t, second["redis"])
	s.expectRefused(t, 2, "migration 0011", `image "backend"`, second["backend"], `image "redis"`, second["redis"])

	if _, err := s.rollback(t, 3); err != nil { // of a revision after the use ended
		t.Fatal(err)
	}
	s.expectUse(t, third)
	s.expectRefused(t, 1, "migration 0011") // the rollback has not brought back what was removed
	s.project.run(t, "", "config", "set", "--path", "hankki:registry.server", "other.example.com", "--stack", "onprem")
	s.expectRefused(t, 4, `image "backend"`, fourth["backend"], `registry.server "other.example.com"`)
}

// The commit is Pulumi's, of a checkout.
func TestReleasesNameTheCommit(t *testing.T) {
	t.Parallel()
	s, registry := newReleasing(t)
	git := func(arguments ...string) string {
		t.Helper()
		c := exec.Command("git", append([]string{"-c", "user.name=cook", "-c", "user.email=cook@example.com"}, arguments...)...)
		c.Dir = s.project.folder
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", arguments, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "--quiet")
	git("add", ".")
	git("commit", "--quiet", "-m", "first")
	s.mustUp(t, registry.build(t), report("0008", "0008", ""))
	testfile.Write(t, s.project.folder+"/more", "x")
	s.mustUp(t, registry.build(t), report("0008", "0008", ""))
	all := s.releases(t)
	if commit := git("rev-parse", "HEAD"); all[0].Commit != commit || !all[0].Dirty || all[1].Commit != commit || all[1].Dirty || all[1].Revision != "0008" {
		t.Errorf("of the commit %s: %+v", commit, all)
	}
}
