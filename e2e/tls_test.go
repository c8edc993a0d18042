package e2e

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTLS serves the stack onprem over https, renews its certificate under reads at each source, goes through it with a browser in both
// API modes, and verifies the certificate of PostgreSQL.
func TestTLS(t *testing.T) {
	l := runningLab(t)
	s, p := stageOnprem(t, l), newPKI(t)
	s.setSecrets(t)
	out := io.Writer(os.Stdout)
	step := stepsOf(t)
	t.Cleanup(func() {
		s.destroy(t)
		// It stays for the Secrets in it that are not the stack's: the test's, and cert-manager's, which outlives its Certificate.
		l.kubectl(t, "delete", "namespace", "hankki", "--ignore-not-found")
	})

	step("both addresses speak https, and plain http leads there", func(t *testing.T) {
		p.configure(t, s)
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
	step("a certificate of a file is renewed under reads, in the same pods", func(t *testing.T) {
		checkRenewal(t, l, p, func() string {
			site := p.configure(t, s)
			s.up(t, out)
			return site.Chain
		})
	})
	trusting := p.browser(t, l)
	step("a browser goes through every flow by https, the API at an address of its own; Lighthouse finds nothing", func(t *testing.T) {
		checkSecureBrowser(t, l, secureAPIURL, trusting)
	})
	step("a Secret that another system writes is renewed under reads, in the same pods", func(t *testing.T) {
		checkKeptSecret(t, l, s, p, out)
	})
	step("cert-manager renews a certificate under reads, in the same pods", func(t *testing.T) { checkCertManager(t, l, s, p, out) })
	step("a browser goes through every flow by https, with one origin for all; Lighthouse finds nothing", func(t *testing.T) {
		s.set(t, "frontend.apiMode", "proxy")
		s.up(t, out)
		checkSecureBrowser(t, l, secureSiteURL, trusting)
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
		s.unset(t, "tls.issuer")
		p.configure(t, s)
		s.set(t, "tls.certFile", p.write(t, "wrong.crt", wrong.Chain))
		expectOutput(t, s.previewError(t), "valid for www.example.com, not for 10.0.0.4", "the key does not belong to the certificate")
	})
}
