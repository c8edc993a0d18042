package e2e

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTLS serves the stack onprem over https, renews its certificate under reads for each source, measures it with the lab's
// Prometheus, runs the browser tests in both API modes, and verifies the certificate of PostgreSQL.
func TestTLS(t *testing.T) {
	l := runningLab(t)
	s, p := stageOnprem(t, l), newPKI(t)
	s.setSecrets(t)
	out := io.Writer(os.Stdout)
	step := stepsOf(t)
	t.Cleanup(func() {
		s.destroy(t)
		// Destroy keeps the namespace, because it has Secrets of the test and of cert-manager, which does not delete its Secret.
		l.kubectl(t, "delete", "namespace", "hankki", "--ignore-not-found")
	})

	step("both addresses serve https, and plain http redirects to it", func(t *testing.T) {
		p.configure(t, s)
		s.up(t, out)
		for url, sign := range map[string]string{secureSiteURL + "/": `id="root"`, secureAPIURL + "/api/v1/recipes": `"costPerMeal"`} {
			t.Run(url, func(t *testing.T) {
				if answer := p.curl(t, l, "ca.crt", url); !strings.Contains(answer, sign) {
					t.Errorf("the response of %s lacks %s: %s", url, sign, answer)
				}
			})
		}
		if printed := p.curl(t, l, "ca.crt", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", siteURL+"/recipes/1?servings=2"); printed != "308 "+secureSiteURL+"/recipes/1?servings=2" {
			t.Errorf("plain http returns %s", printed)
		}
		if printed := p.curl(t, l, "ca.crt", apiURL+"/api/v1/recipes"); strings.Contains(printed, "costPerMeal") {
			t.Error("the API responds to plain http")
		}
	})
	step("a client with another authority and one with TLS 1.1 fail", func(t *testing.T) {
		p.write(t, "other.crt", newPKI(t).authority.Chain)
		if printed := p.curl(t, l, "other.crt", secureSiteURL); !strings.Contains(printed, "certificate") {
			t.Errorf("another authority: %s", printed)
		}
		if printed := p.curl(t, l, "ca.crt", "--tls-max", "1.1", "--ciphers", "DEFAULT:@SECLEVEL=0", secureSiteURL); !strings.Contains(printed, "alert protocol version") {
			t.Errorf("TLS 1.1: %s", printed)
		}
	})
	step("a certificate from a file is renewed under reads, in the same pods", func(t *testing.T) {
		checkRenewal(t, l, p, func() string {
			site := p.configure(t, s)
			s.up(t, out)
			return site.Chain
		})
	})
	step("an up with a Secret of another system warns that its certificate ends in 3 days", func(t *testing.T) {
		useExternalSecret(t, l, s, p, out)
	})
	trusting := p.browser(t, l, "ca.crt")
	step("the browser tests pass by https in direct mode, Lighthouse included", func(t *testing.T) {
		checkBrowserAgain(t, l, "https-direct", secureSiteURL, secureAPIURL, trusting)
	})
	step("the alert about it fires, until the Secret is renewed for 80 days under reads, in the same pods", func(t *testing.T) {
		checkCertificateAlert(t, l, p)
	})
	step("cert-manager renews a certificate under reads, in the same pods", func(t *testing.T) { checkCertManager(t, l, s, p, out) })
	step("the browser tests pass by https in proxy mode, Lighthouse included", func(t *testing.T) {
		s.set(t, "frontend.apiMode", "proxy")
		s.set(t, "tls.apiHost", "10.0.0.3") // the later steps read the API at its own address, too
		s.up(t, out)
		checkBrowserAgain(t, l, "https-proxy", secureSiteURL, secureSiteURL, trusting)
	})
	step("tls.redirect false closes the port of plain http", func(t *testing.T) {
		s.set(t, "tls.redirect", "false")
		s.up(t, out)
		if printed := p.curl(t, l, "ca.crt", "--max-time", "3", siteURL); !strings.Contains(printed, "curl:") {
			t.Errorf("plain http returns %s", printed)
		}
	})
	step("the API verifies PostgreSQL with the right authority", func(t *testing.T) {
		s.set(t, "database.sslMode", "verify-full")
		s.set(t, "database.caFile", filepath.Join(l.folder, "postgres-ca.crt"))
		s.up(t, out)
		eventually(t, 30*time.Second, func() string {
			if printed := p.curl(t, l, "ca.crt", secureAPIURL+"/healthz/ready", "-o", "/dev/null", "-w", "%{http_code}"); printed != "200" {
				return "the API is not ready: " + printed
			}
			return ""
		})
	})
	step("another authority fails the migration with the reason, and the previous pods keep serving", func(t *testing.T) {
		s.set(t, "database.caFile", filepath.Join(p.folder, "ca.crt"))
		printed := s.upError(t, out)
		if !strings.Contains(printed, "certificate verify failed") {
			t.Errorf("up does not print the reason:\n%s", printed)
		}
		if answer := p.curl(t, l, "ca.crt", secureAPIURL+"/api/v1/recipes"); !strings.Contains(answer, `"costPerMeal"`) {
			t.Errorf("the previous pods do not serve: %s", answer)
		}
		s.set(t, "database.caFile", filepath.Join(l.folder, "postgres-ca.crt"))
	})
	step("curl and Chromium trust the generated authority of the stack's outputs, at both addresses", func(t *testing.T) {
		s.unset(t, "tls.issuer")
		s.set(t, "tls.generate", "true")
		s.up(t, out)
		p.write(t, "generated.crt", s.output(t, "certificateAuthority"))
		for url, sign := range map[string]string{secureSiteURL + "/": `id="root"`, secureAPIURL + "/api/v1/recipes": `"costPerMeal"`} {
			t.Run(url, func(t *testing.T) {
				if answer := p.curl(t, l, "generated.crt", url); !strings.Contains(answer, sign) {
					t.Errorf("the response of %s lacks %s: %s", url, sign, answer)
				}
			})
		}
		playwright(t, l, "https-generated", append(p.browser(t, l, "generated.crt"), "SITE_URL="+secureSiteURL+"/", "API_URL="+secureSiteURL), "site.spec.ts")
	})
	step("a certificate for another host is refused before anything changes", func(t *testing.T) {
		wrong, err := p.authority.Issue([]string{"www.example.com"}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		s.unset(t, "tls.generate")
		p.configure(t, s)
		s.set(t, "tls.certFile", p.write(t, "wrong.crt", wrong.Chain))
		expectOutput(t, s.previewError(t), "valid for www.example.com, not for 10.0.0.4", "the key does not belong to the certificate")
	})
}
