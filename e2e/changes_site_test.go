package e2e

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"

	"hankki/e2e/change"
)

// site is a deployed stack, with a cook who has an account.
type site struct {
	stack
	name      string
	l         lab
	work      string // folder for files that a change needs
	shipped   []byte // the stack's configuration
	cook      *cook
	recipes   int  // number that the API lists
	broken    bool // a change could not be reverted; the next change needs a new site
	destroyed bool // destroyed
}

// origins are the origin of the page, and the one at which the page calls the API.
type origins struct{ page, service string }

func shippedOrigins(stack string) origins {
	if stack == "dev" { // Nginx passes requests on
		return origins{siteURL, siteURL}
	}
	return origins{siteURL, apiURL}
}

// newSite deploys the stack with two replicas of the API, the minimum for a rolling update.
func newSite(t *testing.T, l lab, name string) *site {
	t.Helper()
	w := &site{name: name, l: l, work: t.TempDir()}
	if name == "onprem" {
		w.stack = stageOnprem(t, l)
		w.setSecrets(t)
	} else {
		w.stack = stage(t, l, name)
	}
	w.set(t, "backend.replicas", "2")
	w.set(t, "rolloutTimeout", "150") // seconds; bounds a change that hangs
	shipped, err := os.ReadFile(w.file())
	if err != nil {
		t.Fatal(err)
	}
	w.shipped = shipped
	t.Cleanup(func() { w.destroy(t) }) // before t removes its folders
	w.up(t, os.Stdout)
	w.cook = signUpAt(t, l, shippedOrigins(name).service)
	w.recipes = w.cook.recipes(t)
	return w
}

// destroy removes the stack and the objects that a destroy keeps: the namespaces and their PersistentVolumeClaims.
func (w *site) destroy(t *testing.T) {
	t.Helper()
	if w.destroyed {
		return
	}
	w.destroyed = true
	w.stack.destroy(t)
	w.l.kubectl(t, "delete", "namespace", "hankki", "metallb-system", "--ignore-not-found", "--timeout=90s")
	w.l.lab(t, "reclaim")
}

func (w *site) file() string { return filepath.Join(w.folder, "Pulumi."+w.name+".yaml") }

// configure sets the values by path; an empty value removes its key.
func (w *site) configure(t *testing.T, values map[string]string) {
	t.Helper()
	given, options := auto.ConfigMap{}, &auto.ConfigOptions{Path: true}
	for path, value := range values {
		if value == "" {
			w.unset(t, path)
			continue
		}
		given["hankki:"+path] = auto.ConfigValue{Value: os.Expand(value, func(name string) string {
			return map[string]string{"LAB": w.l.folder, "WORK": w.work}[name]
		})}
	}
	if err := w.SetAllConfigWithOptions(t.Context(), given, options); err != nil {
		t.Fatal(err)
	}
}

func (w *site) write(t *testing.T, configuration []byte) {
	t.Helper()
	if err := os.WriteFile(w.file(), configuration, 0o600); err != nil {
		t.Fatal(err)
	}
}

// change makes the change of a row, and reverts it.
func (w *site) change(t *testing.T, row change.Row) {
	t.Helper()
	t.Cleanup(func() { w.recover(t, row.Try.Given) })
	if row.Try.Prepare != 0 {
		preparations[row.Try.Prepare](t, w)
	}
	before := w.shipped
	if len(row.Try.Given) > 0 {
		w.configure(t, row.Try.Given)
		w.up(t, os.Stdout)
		var err error
		if before, err = os.ReadFile(w.file()); err != nil {
			t.Fatal(err)
		}
	}
	from := shippedOrigins(w.name)
	to := from
	if row.Try.Page != "" {
		to.page = row.Try.Page
	}
	if row.Try.Service != "" {
		to.service = row.Try.Service
	}
	w.configure(t, row.Try.Set)
	if row.Try.Do != 0 {
		preparations[row.Try.Do](t, w)
	}
	w.deploy(t, "there", row.Effect, from, to)
	w.stateLacksRemoved(t, row.Try.Set)
	if row.Refused == "" {
		w.unchanged(t)
	}
	w.write(t, before)
	if row.Try.Undo != 0 {
		preparations[row.Try.Undo](t, w)
	}
	back := row.Effect
	if row.Back != nil {
		back = *row.Back
	}
	if row.Refused != "" { // nothing was changed, so nothing is reverted
		w.unchanged(t)
		return
	}
	w.deploy(t, "back", back, to, from)
}

// recover restores the shipped configuration after a change that failed or set more values.
func (w *site) recover(t *testing.T, given map[string]string) {
	if !t.Failed() && len(given) == 0 {
		return
	}
	w.write(t, w.shipped)
	ctx, cancel := context.WithTimeout(context.Background(), upLimit)
	defer cancel()
	if _, err := w.Up(ctx, optup.Refresh(), optup.ProgressStreams(os.Stdout), optup.ErrorProgressStreams(os.Stdout)); err != nil {
		w.broken = true
		t.Errorf("the site could not be restored: %v", err)
	}
}

// deploy runs one up under reads. The site's origins are from before it and to after it.
func (w *site) deploy(t *testing.T, way string, e change.Effect, from, to origins) {
	t.Helper()
	w.cook.logInWithoutCookies(t, from.service)
	before := w.pods(t)
	v := visitsTo(from, to)
	r := load{pages: v.urls(), rate: readsPerPage * len(v.urls()), newVisitors: true}.start(t, w.l)
	began := time.Now()
	if e.Refused == "" {
		changed := w.up(t, os.Stdout)
		t.Logf("%s: up took %v and changed %v", way, time.Since(began).Round(time.Second), changed)
		if len(changed) == 0 && e.Also != "" {
			t.Logf("%s: no resource changed, but the row has Also %q", way, e.Also)
		}
	} else {
		expectOutput(t, w.upError(t, os.Stdout), e.Refused)
	}
	v.expect(t, way, e, r.end(t))
	if got, want := replaced(before, w.pods(t)), slices.Concat(e.Rolling, e.Restart); !sameTiers(got, want) {
		t.Errorf("%s: pods of %v were replaced, want %v", way, got, want)
	}
	w.cook.api = to.service
	want := "200"
	if e.LogIn {
		want = "401"
	}
	eventually(t, 15*time.Second, func() string {
		return unless(way+": refresh "+w.cook.refresh(t), way+": refresh "+want)
	})
	eventually(t, 15*time.Second, func() string { return unless(way+": login "+w.cook.logIn(t), way+": login 200") })
	if n := w.cook.recipes(t); n != w.recipes {
		t.Errorf("%s: the API lists %d recipes, want %d", way, n, w.recipes)
	}
}

func (w *site) unchanged(t *testing.T) {
	t.Helper()
	if got := w.up(t, os.Stdout, optup.ExpectNoChanges()); len(got) != 0 {
		t.Errorf("a second up changed %v, want no changes", got)
	}
}
