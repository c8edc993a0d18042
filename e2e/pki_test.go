package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"

	"hankki/internal/certificate"
)

// The URLs of a site with a certificate.
const (
	secureSiteURL = "https://10.0.0.4"
	secureAPIURL  = "https://10.0.0.3:5000"
)

// pki is the test's certificate authority. Clients trust ca.crt in its folder.
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

// write returns the path of a file with the text.
func (p pki) write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(p.folder, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// issue returns a certificate for both addresses.
func (p pki) issue(t *testing.T) certificate.Pair {
	t.Helper()
	return p.issueFor(t, certificate.LeafDays)
}

// issueFor returns a certificate for both addresses that expires after that number of days.
func (p pki) issueFor(t *testing.T, days int) certificate.Pair {
	t.Helper()
	site, err := p.authority.Issue([]string{"10.0.0.4", "10.0.0.3"}, time.Now().AddDate(0, 0, days-certificate.LeafDays))
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// configure sets a new certificate in the stack's configuration, as a file and its key.
func (p pki) configure(t *testing.T, s stack) certificate.Pair {
	t.Helper()
	site := p.issue(t)
	s.set(t, "tls.certFile", p.write(t, "site.crt", site.Chain))
	if err := s.SetConfig(context.Background(), "hankki:tlsKey", auto.ConfigValue{Value: site.Key, Secret: true}); err != nil {
		t.Fatal(err)
	}
	return site
}

// secret is the manifest of a kubernetes.io/tls Secret, as a file.
func (p pki) secret(t *testing.T, l lab, namespace, name string, pair certificate.Pair) string {
	t.Helper()
	return p.write(t, "secret.yaml", l.kubectl(t, "create", "secret", "tls", name, "-n", namespace, "--dry-run=client", "-o", "yaml",
		"--cert="+p.write(t, "secret.crt", pair.Chain), "--key="+p.write(t, "secret.key", pair.Key)))
}

// curl runs on the client host, trusts an authority, and returns what curl prints, errors too.
func (p pki) curl(t *testing.T, l lab, authority string, args ...string) string {
	t.Helper()
	command := append([]string{"exec", "client", "curl", "-sS", "--max-time", "10", "--cacert", filepath.Join(p.folder, authority)}, args...)
	out, _ := l.command(time.Minute, "lab/lab", command...).CombinedOutput() // callers check curl's message
	return string(out)
}

// browser returns the environment in which Chromium and Node trust an authority, a file of the folder. It runs the command of
// docs/operations.md for a user's Chromium.
func (p pki) browser(t *testing.T, l lab, authority string) []string {
	t.Helper()
	home := t.TempDir()
	documented := shellBlock(t, filepath.Join(l.root, "docs/operations.md"), "mkdir -p ~/.pki/nssdb")
	trust := l.command(time.Minute, "bash", "-euc", strings.ReplaceAll(documented, "site-authority.crt", filepath.Join(p.folder, authority)))
	trust.Env = append(os.Environ(), "HOME="+home)
	if out, err := trust.CombinedOutput(); err != nil {
		t.Fatalf("trusting the authority: %v\n%s", err, out)
	}
	return []string{"HOME=" + home, "NODE_EXTRA_CA_CERTS=" + filepath.Join(p.folder, authority)}
}
