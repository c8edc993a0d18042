package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// rollbackLimit is the maximum duration of a rollback of five replicas.
const rollbackLimit = 60 * time.Second

// TestRollback deploys two releases of onprem, rolls back, promotes the images to a stack of another registry, and deploys that
// one without a builder.
func TestRollback(t *testing.T) {
	l := runningLab(t)
	s := stageOnprem(t, l)
	s.setSecrets(t)
	var printed strings.Builder
	out := io.MultiWriter(&printed, os.Stdout)
	step := stepsOf(t)
	destroyed := false
	s.destroyAtEnd(t, l, &destroyed)

	var first, second map[string]string
	step("two releases are listed with their images and the revision of the database", func(t *testing.T) {
		s.up(t, out)
		first = s.images(t)
		s.change(t, "of a second release")
		s.upChanges(t, out, newAPI...)
		second = s.images(t)
		checkReleases(t, s, second, first)
	})
	step("a rollback fails no read and takes at most 60 s", func(t *testing.T) { checkRollback(t, l, s, first) })
	step("a second up changes nothing", func(t *testing.T) {
		if got := s.up(t, out, optup.ExpectNoChanges()); len(got) != 0 {
			t.Errorf("changed: %v", got)
		}
	})
	step("images.use removed builds the second release again", func(t *testing.T) {
		s.unset(t, "images.use")
		s.up(t, out)
		if images := s.images(t); images["redis"] != second["redis"] {
			t.Errorf("the images are %v, and were %v", images, second)
		}
		checkReleases(t, s, s.images(t), first)
	})
	step("kubectl rollout undo is reverted by the next up with a refresh", func(t *testing.T) { checkUndo(t, l, s, out) })
	step("images that the registry has lost are refused before anything changes", func(t *testing.T) { checkLostImages(t, l, s, first) })
	step("another stack runs the images without a builder", func(t *testing.T) {
		images := s.images(t)
		other := s.sibling(t, l)
		checkPromotion(t, s, other, images)
		s.destroy(t)
		destroyed = true
		t.Cleanup(func() { other.destroy(t) })
		other.set(t, "images.instance", "nowhere") // no such builder
		other.up(t, out)
		checkSameDigests(t, other.images(t), images)
		if page := l.onClient(t, "curl", "-sSf", "--max-time", "10", siteURL+"/"); !strings.Contains(page, `id="root"`) {
			t.Errorf("the other stack does not serve the page:\n%s", page)
		}
	})
}

// listed is the used part of an update in the output of `hankki releases --json`.
type listed struct {
	Version  int
	Result   string
	Images   map[string]string
	Revision string
}

func (s stack) releases(t *testing.T) (all []listed) {
	t.Helper()
	printed, err := s.hankki(t.Context(), "releases", "--json").Output()
	if err != nil {
		t.Fatalf("hankki releases: %v\n%s", err, printed)
	}
	if err := json.Unmarshal(printed, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// checkReleases checks that the newest release has these images, and one before it the others. Both have a revision.
func checkReleases(t *testing.T, s stack, newest, before map[string]string) {
	t.Helper()
	all := s.releases(t)
	if !maps.Equal(all[0].Images, newest) {
		t.Errorf("the newest release has %v, not %v", all[0].Images, newest)
	}
	found := false
	for _, u := range all {
		found = found || maps.Equal(u.Images, before)
		if u.Result == "succeeded" && len(u.Revision) != 4 {
			t.Errorf("release %d has the revision %q of the database", u.Version, u.Revision)
		}
	}
	if !found {
		t.Errorf("no release has %v: %v", before, all)
	}
}

// checkRollback rolls back, while people read.
func checkRollback(t *testing.T, l lab, s stack, want map[string]string) {
	stay, come := load{rate: 15}.start(t, l), load{rate: 10, newVisitors: true}.start(t, l)
	began := time.Now()
	printed, err := s.hankki(t.Context(), "rollback").CombinedOutput()
	took := time.Since(began)
	if err != nil {
		t.Fatalf("hankki rollback: %v\n%s", err, printed)
	}
	t.Logf("the rollback took %v", took.Round(time.Second))
	if took > rollbackLimit {
		t.Errorf("the rollback took %v, more than %v", took, rollbackLimit)
	}
	checkPods(t, l, 1)
	stay.stop(t)
	come.stop(t)
	if images := s.images(t); !maps.Equal(images, want) {
		t.Errorf("the images are %v, not %v", images, want)
	}
	checkSameDigests(t, s.releases(t)[0].Images, want)
}

// checkUndo undoes the API's last rollout as kubectl does. Pulumi's state does not know of it.
func checkUndo(t *testing.T, l lab, s stack, output io.Writer) {
	image := func() string {
		return l.kubectl(t, "get", "deployment", "backend", "-n", "hankki", "-o", "jsonpath={.spec.template.spec.containers[0].image}")
	}
	before := image()
	l.kubectl(t, "rollout", "undo", "deployment/backend", "-n", "hankki")
	if image() == before {
		t.Fatal("the undo changes nothing")
	}
	s.up(t, output, optup.Refresh())
	if after := image(); after != before {
		t.Errorf("the image is %s, and was %s before the undo", after, before)
	}
}

// checkLostImages removes an image from the registry.
func checkLostImages(t *testing.T, l lab, s stack, lost map[string]string) {
	_, digest, _ := strings.Cut(lost["backend"], "@sha256:")
	links := filepath.Join(l.folder, "registry/store/docker/registry/v2/repositories/hankki/backend/_manifests/revisions/sha256", digest)
	if err := os.RemoveAll(links); err != nil {
		t.Fatal(err)
	}
	if code := l.manifest(t, s, lost["backend"]); code != http.StatusNotFound {
		t.Fatalf("the registry answers with %d for an image that was removed", code)
	}
	to := 0
	for _, u := range s.releases(t) {
		if maps.Equal(u.Images, lost) {
			to = u.Version
		}
	}
	before := s.releases(t)[0].Version
	printed, err := s.hankki(t.Context(), "rollback", "--to", fmt.Sprint(to)).CombinedOutput()
	if err == nil || !strings.Contains(string(printed), lost["backend"]) {
		t.Errorf("the rollback to %d: error %v\n%s", to, err, printed)
	}
	if after := s.releases(t)[0].Version; after != before {
		t.Errorf("release %d exists after the refusal, %d before", after, before)
	}
}

// sibling is the stack dev in the project and the state of s, with the images of the registry without a login.
func (s stack) sibling(t *testing.T, l lab) stack {
	t.Helper()
	c := l.command(time.Minute, os.Getenv("HANKKI_COMMAND"), append([]string{"stage", "--stack", "dev", "--to", s.folder}, append(strings.Fields(l.run(t, "lab/overlay.sh")), "hankki:registry.prefix=promoted")...)...)
	c.Env = os.Environ()
	for key, value := range s.Workspace().GetEnvVars() {
		c.Env = append(c.Env, key+"="+value)
	}
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("staging the stack dev: %v\n%s", err, out)
	}
	selected, err := auto.SelectStackLocalSource(t.Context(), "dev", s.folder, auto.EnvVars(s.Workspace().GetEnvVars()))
	if err != nil {
		t.Fatal(err)
	}
	s.Stack = selected
	s.set(t, "backend.replicas", "5") // as onprem has
	return s
}

// checkPromotion copies the images to the other stack's registry, and names them in its file.
func checkPromotion(t *testing.T, from, to stack, images map[string]string) {
	t.Helper()
	promote := func(flags ...string) string {
		t.Helper()
		printed, err := from.hankki(t.Context(), "promote", append([]string{"--from", from.Name(), "--to", to.Name()}, flags...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("hankki promote: %v\n%s", err, printed)
		}
		return string(printed)
	}
	expectOutput(t, promote(), "nothing has changed yet", "to be copied from "+images["backend"])
	began := time.Now()
	expectOutput(t, promote("--yes"), "copied from "+images["backend"])
	t.Logf("the promotion took %v", time.Since(began).Round(time.Second))
	file, err := os.ReadFile(filepath.Join(to.folder, "Pulumi."+to.Name()+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	_, digest, _ := strings.Cut(images["backend"], "@")
	expectOutput(t, string(file), "backend: 127.0.0.1:5000/promoted/backend@"+digest)
}

// checkSameDigests compares images of two repositories.
func checkSameDigests(t *testing.T, got, want map[string]string) {
	t.Helper()
	for tier, ref := range want {
		_, digest, _ := strings.Cut(ref, "@")
		if _, found, _ := strings.Cut(got[tier], "@"); found != digest {
			t.Errorf("%s runs %s, not %s", tier, got[tier], ref)
		}
	}
}
