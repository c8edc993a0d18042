package e2e

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// TestOnprem runs the life of the report's stack as steps in order. Each step depends on the previous ones, so a failed step ends
// the test.
func TestOnprem(t *testing.T) {
	l := runningLab(t)
	s := stageOnprem(t, l)
	before := l.objects(t)
	var printed strings.Builder // by every up
	out := io.MultiWriter(&printed, os.Stdout)

	step := stepsOf(t)

	step("the cluster has the chosen version of Kubernetes", func(t *testing.T) { checkChosenVersion(t, l) })
	step("configuration errors are all reported at once, missing secrets with the command that sets them", func(t *testing.T) {
		wrong := []struct{ path, value, message string }{
			{"backend.replicas", "0", "backend.replicas 0 is too few"},
			{"rolloutTimeout", "soon", `rolloutTimeout: "soon" is not a whole number`},
			{"namespce", "shop", "namespce is unknown"},
		}
		for _, w := range wrong {
			s.set(t, w.path, w.value)
		}
		printed := s.previewError(t)
		for _, w := range wrong {
			if !strings.Contains(printed, w.message) {
				t.Errorf("%q is not in\n%s", w.message, printed)
			}
			s.unset(t, w.path)
		}
		s.set(t, "backend.replicas", "5")
		for key := range s.secrets {
			if want := "pulumi config set --secret " + key + " --stack onprem"; !strings.Contains(printed, want) {
				t.Errorf("%q is not in\n%s", want, printed)
			}
		}
	})
	s.setSecrets(t)
	destroyed := false
	s.destroyAtEnd(t, l, &destroyed)

	step("pulumi up on an empty cluster prints what it waits for", func(t *testing.T) {
		s.up(t, out)
		expectOutput(t, printed.String(), "Waiting for app ReplicaSet to be available (", "/5 Pods available)",
			`Waiting for Job "hankki/backend-release-`)
	})
	step("pods are ready and the API is on both workers", func(t *testing.T) { checkPods(t, l, 1) })
	step("services have the report's addresses", func(t *testing.T) { checkServices(t, l) })
	step("REDIS_HOST is the ClusterIP of the Service", func(t *testing.T) { checkRedisHost(t, l, s) })
	step("a review without the cluster lists the same objects as a preview on it", func(t *testing.T) { checkReview(t, l, s) })
	step("the page is served to the client host", func(t *testing.T) {
		if page := l.onClient(t, "curl", "-sSf", "--max-time", "10", siteURL+"/"); !strings.Contains(page, `id="root"`) {
			t.Errorf("not the page:\n%s", page)
		}
	})
	step("network policies allow the documented connections and no other", func(t *testing.T) { checkNetworkPolicies(t, l) })
	step("pods are restricted, and Redis refuses dangerous commands", func(t *testing.T) {
		checkHardening(t, l)
		checkRedis(t, l)
	})
	step("CORS allows the site's origin and no other", func(t *testing.T) { checkCORS(t, l) })
	step("a login lasts for more than an hour, with the cookie and without", func(t *testing.T) { checkLogins(t, l) })
	step("the browser tests pass, axe and Lighthouse included", func(t *testing.T) { checkBrowser(t, l) })
	step("reads do not wait for clients that are slow or silent", func(t *testing.T) {
		checkSlowClients(t, l, direct[:3], attackedAPI, attackedPage)
	})
	step("a second up changes nothing", func(t *testing.T) {
		if got := s.up(t, out, optup.ExpectNoChanges()); len(got) != 0 {
			t.Errorf("changed: %v", got)
		}
	})
	step("every object carries its owner", func(t *testing.T) { checkOwners(t, l, s) })
	step("a second stack with the same names is refused before anything changes", func(t *testing.T) { checkSecondStack(t, l) })
	step("another namespace for the deployed site is refused", func(t *testing.T) { checkNamespaceRefused(t, l, s, out) })
	step("another cluster is refused", func(t *testing.T) { checkOtherCluster(t, s, out) })
	step("a renamed stack replaces nothing", func(t *testing.T) { checkRename(t, l, s, out) })
	step("the API server accepts the manifests of make render of each stack", func(t *testing.T) {
		for _, name := range []string{"onprem", "dev"} {
			t.Run(name, func(t *testing.T) {
				rendered := t.TempDir()
				l.run(t, os.Getenv("HANKKI_COMMAND"), "render", "--stack", name, "--out", rendered)
				l.kubectl(t, "apply", "--server-side", "--force-conflicts", "--dry-run=server", "--recursive", "-f", rendered)
			})
		}
	})
	step("manual changes are shown by refresh and reverted by up", func(t *testing.T) { checkDrift(t, l, s, out) })
	step("fields added by hand are shown, and removed when their object is updated", func(t *testing.T) { checkAdditions(t, l, s, out) })
	step("a failed migration prints its reason, and the previous pods keep serving", func(t *testing.T) { checkFailedMigration(t, l, s, out) })
	step("the next up completes one that was interrupted or killed", func(t *testing.T) { checkInterruptions(t, l, s, out) })
	step("no read fails while the API and the front end are updated, Redis restarts and each worker is drained", func(t *testing.T) {
		checkDisruptions(t, l, s, out)
	})
	step("the browser tests pass in proxy mode, with one origin for page and API", func(t *testing.T) {
		s.set(t, "frontend.apiMode", "proxy")
		s.up(t, out)
		checkNetworkPolicies(t, l, proxiedAPI)
		checkForgedClient(t, l)
		checkUpdateBehindNginx(t, l, s, out)
		l.terminated(t, "hankki")
		checkBrowserAgain(t, l, "proxy", siteURL, siteURL, nil)
	})
	step("reads behind Nginx do not wait for clients that are slow or silent", func(t *testing.T) {
		checkSlowClients(t, l, behindNginx, attackedPage, attackedProxied)
	})
	step("no secret is in plain text in output, state or logs", func(t *testing.T) { checkNoSecretInPlainText(t, l, s, printed.String(), "", nil) })
	step("destroy with DATA=delete leaves no object", func(t *testing.T) {
		s.destroy(t)
		destroyed = true
		checkNothingIsLeft(t, l, before)
	})
}

// checkNothingIsLeft fails the test if the cluster has objects that are not in before.
func checkNothingIsLeft(t *testing.T, l lab, before map[string]bool) {
	t.Helper()
	eventually(t, 30*time.Second, func() string { // Kubernetes garbage-collects dependents later
		var left []string
		for object := range l.objects(t) {
			if !before[object] {
				left = append(left, object)
			}
		}
		return unless(fmt.Sprint(left), "[]")
	})
}

// contents returns the text of all files below a folder.
func contents(t *testing.T, folder string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func appendTo(t *testing.T, file, text string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
