package e2e

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"

	"hankki/internal/certificate"
)

// The addresses of a site with a certificate.
const (
	secureSiteURL = "https://10.0.0.4"
	secureAPIURL  = "https://10.0.0.3:5000"
)

// pki is an authority of the test, and where the client host finds it.
type pki struct {
	authority certificate.Pair
	folder    string
}

func newPKI(t *testing.T) pki {
	t.Helper()
	authority, err := certificate.NewAuthority("e2e", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	p := pki{authority, t.TempDir()}
	p.write(t, "ca.crt", authority.Chain)
	return p
}

func (p pki) write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(p.folder, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// give has the stack serve a new certificate of both addresses.
func (p pki) give(t *testing.T, s stack) certificate.Pair {
	t.Helper()
	site, err := p.authority.Issue([]string{"10.0.0.4", "10.0.0.3"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s.set(t, "tls.certFile", p.write(t, "site.crt", site.Chain))
	if err := s.SetConfig(context.Background(), "hankki:tlsKey", auto.ConfigValue{Value: site.Key, Secret: true}); err != nil {
		t.Fatal(err)
	}
	return site
}

// curl asks from the client host by an authority, and gives what curl prints, errors too.
func (p pki) curl(t *testing.T, l lab, authority string, args ...string) string {
	t.Helper()
	command := append([]string{"exec", "client", "curl", "-sS", "--max-time", "10", "--cacert", filepath.Join(p.folder, authority)}, args...)
	out, _ := l.command(time.Minute, "lab/lab", command...).CombinedOutput() // what it says is what is judged
	return string(out)
}

// serves tells whether the page has the certificate.
func (p pki) serves(t *testing.T, l lab, site certificate.Pair) bool {
	t.Helper()
	return strings.Contains(p.curl(t, l, "ca.crt", "-o", "/dev/null", "-w", "%{certs}", secureSiteURL), strings.TrimSpace(site.Chain))
}

// TestTLS serves the stack onprem over https, has its certificate renewed under reads, and lets PostgreSQL prove who it is.
func TestTLS(t *testing.T) {
	l := runningLab(t)
	s, p := stageOnprem(t, l), newPKI(t)
	s.setSecrets(t)
	out := io.Writer(os.Stdout)
	step := stepsOf(t)
	t.Cleanup(func() { s.destroy(t) })

	step("both addresses speak https, and plain http leads there", func(t *testing.T) {
		p.give(t, s)
		s.unset(t, "backend.allowedOrigin")
		s.up(t, out)
		for url, sign := range map[string]string{secureSiteURL + "/": `id="root"`, secureAPIURL + "/api/v1/recipes": `"costPerMeal"`} {
			if answer := p.curl(t, l, "ca.crt", url); !strings.Contains(answer, sign) {
				t.Errorf("%s is answered without %s: %s", url, sign, answer)
			}
		}
		if said := p.curl(t, l, "ca.crt", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", siteURL+"/recipes/1?servings=2"); said != "308 "+secureSiteURL+"/recipes/1?servings=2" {
			t.Errorf("plain http is answered by %s", said)
		}
		if said := p.curl(t, l, "ca.crt", apiURL+"/api/v1/recipes"); strings.Contains(said, "costPerMeal") {
			t.Error("the API answers plain http")
		}
	})
	step("another authority and an outdated TLS are refused", func(t *testing.T) {
		p.write(t, "other.crt", newPKI(t).authority.Chain)
		if said := p.curl(t, l, "other.crt", secureSiteURL); !strings.Contains(said, "certificate") {
			t.Errorf("another authority: %s", said)
		}
		if said := p.curl(t, l, "ca.crt", "--tls-max", "1.1", "--ciphers", "DEFAULT:@SECLEVEL=0", secureSiteURL); !strings.Contains(said, "alert protocol version") {
			t.Errorf("TLS 1.1: %s", said)
		}
	})
	step("a renewed certificate is served by the same pods, within 92 s and without a lost read", func(t *testing.T) {
		before := podsOf(t, l)
		reads := load{pages: []string{secureSiteURL + "/", secureAPIURL + "/api/v1/recipes"}, newVisitors: true, authority: filepath.Join(p.folder, "ca.crt")}.start(t, l)
		site := p.give(t, s)
		s.up(t, out)
		changed := time.Now()
		eventually(t, 92*time.Second, func() string {
			if p.serves(t, l, site) {
				return ""
			}
			return "the former certificate is served"
		})
		t.Logf("the certificate is served %v after the up", time.Since(changed).Round(time.Second))
		reads.stop(t)
		if after := podsOf(t, l); !slices.Equal(before, after) {
			t.Errorf("the pods were %v, and are %v", before, after)
		}
	})
	step("redirect off closes the port of plain http", func(t *testing.T) {
		s.set(t, "tls.redirect", "false")
		s.up(t, out)
		if said := p.curl(t, l, "ca.crt", "--max-time", "3", siteURL); !strings.Contains(said, "curl:") {
			t.Errorf("plain http is answered by %s", said)
		}
	})
	step("PostgreSQL with the right authority is verified", func(t *testing.T) {
		s.set(t, "database.sslMode", "verify-full")
		s.set(t, "database.caFile", filepath.Join(l.folder, "postgres-ca.crt"))
		s.up(t, out)
		eventually(t, 30*time.Second, func() string {
			if said := p.curl(t, l, "ca.crt", secureAPIURL+"/healthz/ready", "-o", "/dev/null", "-w", "%{http_code}"); said != "200" {
				return "the API is not ready: " + said
			}
			return ""
		})
	})
	step("another authority of PostgreSQL fails the release with its reason, and the site serves on", func(t *testing.T) {
		s.set(t, "database.caFile", filepath.Join(p.folder, "ca.crt"))
		said := s.upError(t, out)
		if !strings.Contains(said, "certificate verify failed") {
			t.Errorf("the up does not say why:\n%s", said)
		}
		if answer := p.curl(t, l, "ca.crt", secureAPIURL+"/api/v1/recipes"); !strings.Contains(answer, `"costPerMeal"`) {
			t.Errorf("the API does not serve on: %s", answer)
		}
		s.set(t, "database.caFile", filepath.Join(l.folder, "postgres-ca.crt"))
	})
	step("a certificate that does not fit is refused before anything changes", func(t *testing.T) {
		wrong, err := p.authority.Issue([]string{"www.example.com"}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		s.set(t, "tls.certFile", p.write(t, "wrong.crt", wrong.Chain))
		tells(t, s.previewError(t), "names www.example.com, not 10.0.0.4", "the key is not that of the certificate")
	})
}

// podsOf are the pods of the tiers, by their identity.
func podsOf(t *testing.T, l lab) []string {
	t.Helper()
	pods := strings.Fields(l.kubectl(t, "get", "pods", "-n", "hankki", "-l", "app.kubernetes.io/name in (frontend,backend)", "-o", "jsonpath={.items[*].metadata.uid}"))
	if len(pods) == 0 {
		t.Fatal("there are no pods")
	}
	slices.Sort(pods)
	return pods
}
