package config_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hankki/internal/certificate"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

const host = "hankki.example.com"

// Without a certificate the origin is HTTP; with one it is HTTPS.
func TestOriginFollowsCertificate(t *testing.T) {
	for name, row := range map[string]struct {
		s      settings
		origin string
		hosts  []string
	}{
		"none":                   {valid(), "http://10.0.0.4", []string{""}},
		"an address":             {valid().set("tls.generate", true), "https://10.0.0.4", []string{"10.0.0.4"}},
		"a name":                 {valid().set("tls.secretName", "site").set("tls.host", host), "https://" + host, []string{host}},
		"an IPv6 address":        {valid().set("tls.generate", true).set("tls.host", "FD00:0::4"), "https://[fd00::4]", []string{"fd00::4"}},
		"an issuer":              {valid().set("tls.issuer", map[string]any{"kind": "Issuer", "name": "corp"}).set("tls.host", host), "https://" + host, []string{host}},
		"explicit allowedOrigin": {valid().set("tls.generate", true).set("backend.allowedOrigin", "https://www.example.com"), "https://www.example.com", []string{"10.0.0.4"}},
		"direct":                 {valid().set("tls.generate", true).set("frontend.apiMode", "direct"), "https://10.0.0.4", []string{"10.0.0.4", "10.0.0.3"}},
		"direct, by names":       {valid().set("tls.generate", true).set("frontend.apiMode", "direct").set("tls.host", host).set("tls.apiHost", "api.example.com"), "https://" + host, []string{host, "api.example.com"}},
		"direct, one name":       {valid().set("tls.generate", true).set("frontend.apiMode", "direct").set("tls.host", host).set("tls.apiHost", host), "https://" + host, []string{host}},
	} {
		t.Run(name, func(t *testing.T) {
			c := load(t, row.s)
			if c.Backend.AllowedOrigin != row.origin || !slices.Equal(c.Hosts(), row.hosts) {
				t.Errorf("the origin is %s and the hosts are %q, not %s and %q", c.Backend.AllowedOrigin, c.Hosts(), row.origin, row.hosts)
			}
		})
	}
}

// pki writes certificate files into a folder and has their paths and keys.
type pki struct {
	t      *testing.T
	folder string
}

func (p pki) file(name, text string) string {
	p.t.Helper()
	path := filepath.Join(p.folder, name)
	testfile.Write(p.t, path, text)
	return path
}

func TestCertificateFiles(t *testing.T) {
	authority := stacktest.Authority(t)
	site, other := stacktest.Issue(t, authority, host, "10.0.0.3"), stacktest.Issue(t, authority, "www.example.com")
	p := pki{t, t.TempDir()}
	siteFile, caFile, otherFile, missing := p.file("site.crt", site.Chain), p.file("ca.crt", authority.Chain), p.file("other.crt", other.Chain), filepath.Join(p.folder, "none.crt")
	tls := func(file, key string) settings {
		return valid().set("tls.certFile", file).set("tls.host", host).encrypt("tlsKey", key)
	}
	database := func(s settings, ca, file, key string) settings {
		return s.set("database.sslMode", "verify-full").set("database.caFile", ca).set("database.certFile", file).encrypt("databaseKey", key)
	}
	for name, row := range map[string]struct {
		s        settings
		at       time.Duration
		messages [][]string
	}{
		"good":                             {tls(siteFile, site.Key), 0, nil},
		"good, both addresses":             {tls(siteFile, site.Key).set("frontend.apiMode", "direct"), 0, nil},
		"rendered, without secrets":        {tls(siteFile, "").set("render.directory", "out"), 0, nil},
		"verified database":                {database(valid(), caFile, siteFile, site.Key), 0, nil},
		"the certificate itself":           {tls(site.Key+site.Chain, site.Key), 0, [][]string{{"tls.certFile is the content of a file, not its path"}}},
		"missing file":                     {tls(missing, site.Key), 0, [][]string{{"tls.certFile", "none.crt", "no such file"}}},
		"wrong key":                        {tls(siteFile, other.Key), 0, [][]string{{"tls.certFile " + siteFile, "key does not belong"}}},
		"wrong name":                       {tls(otherFile, other.Key), 0, [][]string{{"valid for www.example.com, not for " + host}}},
		"the API's name is missing":        {tls(siteFile, site.Key).set("frontend.apiMode", "direct").set("tls.apiHost", "api.example.com"), 0, [][]string{{"not for api.example.com"}}},
		"expired":                          {tls(siteFile, site.Key), 400 * 24 * time.Hour, [][]string{{"expired on"}}},
		"a server's certificate, as no CA": {database(valid(), otherFile, siteFile, site.Key), 0, [][]string{{"database.caFile", "not a CA certificate"}}},
		"all at once": {database(tls(otherFile, site.Key), missing, siteFile, other.Key), 0, [][]string{
			{"tls.certFile", "key does not belong"}, {"tls.certFile", "valid for www"}, {"database.caFile"}, {"database.certFile", "key does not belong"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			err := load(t, row.s).LoadFiles(time.Now().Add(row.at))
			lines := linesOf(err)
			if len(lines) != len(row.messages) {
				t.Fatalf("want %d lines, got:\n%v", len(row.messages), err)
			}
			for i, messages := range row.messages {
				if !names(lines[i], messages...) {
					t.Errorf("the line does not name all of %q: %s", messages, lines[i])
				}
			}
			for _, key := range []string{site.Key, other.Key} {
				if err != nil && strings.Contains(err.Error(), strings.Split(key, "\n")[1]) {
					t.Error("the error prints a key")
				}
			}
		})
	}
}

// With HTTPS a Content-Security-Policy names tls.apiHost, so the API's address may be an IPv6 address.
func TestNameOfTheAPIWithAnIPv6Address(t *testing.T) {
	c := load(t, valid().set("metallb.addresses", []any{"fd00::/64", "10.0.0.4/32"}).set("backend.loadBalancerIP", "fd00::3").set("frontend.apiMode", "direct").
		set("tls.generate", true).set("tls.host", host).set("tls.apiHost", "api.example.com"))
	if want := []string{host, "api.example.com"}; !slices.Equal(c.Hosts(), want) {
		t.Errorf("the hosts are %q, not %q", c.Hosts(), want)
	}
}

// A port that is closed is no obstacle to HSTS.
func TestHSTSWithoutRedirect(t *testing.T) {
	load(t, valid().set("tls.generate", true).set("tls.host", host).set("tls.hsts", 300).set("tls.redirect", false).set("frontend.port", 8080))
}

func TestCertificateExpiringSoonIsAWarning(t *testing.T) {
	site := stacktest.Issue(t, stacktest.Authority(t), host)
	file := pki{t, t.TempDir()}.file("site.crt", site.Chain)
	for days, want := range map[int]int{certificate.LeafDays - 20: 0, certificate.LeafDays - 3: 1} {
		t.Run(fmt.Sprintf("%d days after the issue", days), func(t *testing.T) {
			c := load(t, valid().set("tls.certFile", file).set("tls.host", host).encrypt("tlsKey", site.Key))
			if err := c.LoadFiles(time.Now().AddDate(0, 0, days)); err != nil {
				t.Fatal(err)
			}
			if len(c.Warnings) != want || want > 0 && !names(c.Warnings[0], "tls.certFile "+file, "expires on", "renew") {
				t.Errorf("after %d days the warnings are %q", days, c.Warnings)
			}
			if c.Files.Certificate != site.Chain {
				t.Error("the certificate is not kept")
			}
		})
	}
}
