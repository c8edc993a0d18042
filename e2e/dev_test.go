package e2e

import (
	"encoding/base64"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// TestDev deploys the stack of `make up`: a database in the cluster, one origin for page and API, and generated secrets.
func TestDev(t *testing.T) {
	l := runningLab(t)
	s := stage(t, l, "dev")
	before := l.objects(t)
	var printed strings.Builder // by every up
	out := io.MultiWriter(&printed, os.Stdout)
	step := stepsOf(t)
	destroyed := false
	s.destroyAtEnd(t, l, &destroyed)

	step("pulumi up on an empty cluster, without configured secrets", func(t *testing.T) { s.up(t, out) })
	step("the page and the API have one origin", func(t *testing.T) {
		for url, sign := range map[string]string{siteURL + "/": `id="root"`, siteURL + "/api/v1/recipes": `"costPerMeal"`} {
			t.Run(url, func(t *testing.T) {
				if answer := l.onClient(t, "curl", "-sSf", "--max-time", "10", url); !strings.Contains(answer, sign) {
					t.Errorf("the response of %s lacks %s", url, sign)
				}
			})
		}
	})
	step("a second up changes nothing, generated secrets included", func(t *testing.T) {
		if got := s.up(t, out, optup.ExpectNoChanges()); len(got) != 0 {
			t.Errorf("changed: %v", got)
		}
	})
	step("a state of commit e63dba3 is upgraded without replacements", func(t *testing.T) { checkFormerState(t, l, s, out) })
	step("make move moves the site and its data to another namespace and back", func(t *testing.T) { checkMove(t, l, s, out) })
	step("the database keeps its data when its pod is deleted", func(t *testing.T) {
		c := signUp(t, l)
		l.kubectl(t, "delete", "pod", "-n", "hankki", "-l", "app.kubernetes.io/name=postgres", "--wait=true")
		l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/postgres", "--timeout=90s")
		eventually(t, 30*time.Second, func() string { return unless(c.logIn(t), "200") })
	})
	step("destroy keeps the data, and the next up uses them with a new generated password", func(t *testing.T) {
		c := signUp(t, l)
		s.cli(t, out, "destroy", "--stack", "dev", "--yes", "--skip-preview", "--suppress-progress")
		s.up(t, out)
		eventually(t, 30*time.Second, func() string { return unless(c.logIn(t), "200") })
	})
	step("a database that lost its volume is migrated again", func(t *testing.T) {
		l.kubectl(t, "scale", "-n", "hankki", "deployment/postgres", "--replicas=0")
		l.kubectl(t, "delete", "-n", "hankki", "persistentvolumeclaim/postgres", "--wait=true")
		s.up(t, out, optup.Refresh())
		eventually(t, 30*time.Second, func() string { return apiAnswers(t, l) })
	})
	step("no secret is in plain text in output, state or logs", func(t *testing.T) {
		checkNoSecretInPlainText(t, l, s, printed.String(), "", l.secrets(t))
	})
	step("destroy with DATA=delete leaves no object", func(t *testing.T) {
		s.destroy(t)
		destroyed = true
		checkNothingIsLeft(t, l, before)
	})
}

// secrets returns the values of the Secrets in the namespace hankki by "name/key", without values shorter than 16 bytes (user
// names).
func (l lab) secrets(t *testing.T) map[string]string {
	t.Helper()
	var list struct {
		Items []struct {
			Metadata struct{ Name string }
			Data     map[string]string
		}
	}
	l.get(t, &list, "secrets", "-n", "hankki")
	values := map[string]string{}
	for _, secret := range list.Items {
		for key, value := range secret.Data {
			text, err := base64.StdEncoding.DecodeString(value)
			if err != nil {
				t.Fatal(err)
			}
			if len(text) >= 16 {
				values[secret.Metadata.Name+"/"+key] = string(text)
			}
		}
	}
	if len(values) < 4 { // the passwords of PostgreSQL and Redis, the ACL of Redis, the signing key
		t.Fatalf("only %d secrets are in the cluster", len(values))
	}
	return values
}
