package certificate_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"hankki/internal/certificate"
)

var now = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

const host = "hankki.example.com"

func authority(t *testing.T) certificate.Pair {
	t.Helper()
	a, err := certificate.NewAuthority("kitchen", now)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func issued(t *testing.T, a certificate.Pair, hosts ...string) certificate.Pair {
	t.Helper()
	p, err := a.Issue(hosts, now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// selfSigned returns a self-signed certificate as openssl creates it, after change.
func selfSigned(t *testing.T, key crypto.Signer, change func(*x509.Certificate)) certificate.Pair {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: now.AddDate(0, 0, -1), NotAfter: now.AddDate(0, 3, 0),
	}
	if change != nil {
		change(template)
	}
	return created(t, template, template, key, key)
}

func created(t *testing.T, template, parent *x509.Certificate, key, signer crypto.Signer) certificate.Pair {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return certificate.Pair{Chain: block("CERTIFICATE", der), Key: block("PRIVATE KEY", private)}
}

// issuedFor returns a certificate of the authority for host, after change.
func issuedFor(t *testing.T, a certificate.Pair, change func(*x509.Certificate)) certificate.Pair {
	t.Helper()
	return signed(t, a, &x509.Certificate{Subject: pkix.Name{CommonName: host}, DNSNames: []string{host}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}, change)
}

// belowIntermediate returns a certificate for host and that of its issuer, an intermediate authority after change.
func belowIntermediate(t *testing.T, root certificate.Pair, change func(*x509.Certificate)) certificate.Pair {
	t.Helper()
	intermediate := signed(t, root, &x509.Certificate{
		Subject: pkix.Name{CommonName: "intermediate"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, change)
	leaf := issuedFor(t, intermediate, nil)
	return certificate.Pair{Chain: leaf.Chain + intermediate.Chain, Key: leaf.Key}
}

// rename returns a self-signed certificate with the authority's key and another subject.
func rename(t *testing.T, a certificate.Pair) certificate.Pair {
	t.Helper()
	_, key := parsed(t, a)
	return selfSigned(t, key, func(c *x509.Certificate) {
		c.Subject, c.DNSNames, c.IsCA, c.BasicConstraintsValid = pkix.Name{CommonName: "renamed"}, nil, true, true
	})
}

// signed signs the template, after change, with the authority, for 90 days.
func signed(t *testing.T, a certificate.Pair, template *x509.Certificate, change func(*x509.Certificate)) certificate.Pair {
	t.Helper()
	template.SerialNumber, template.NotBefore, template.NotAfter = big.NewInt(8), now.AddDate(0, 0, -1), now.AddDate(0, 0, 90)
	if change != nil {
		change(template)
	}
	parent, signer := parsed(t, a)
	return created(t, template, parent, ec(t, elliptic.P256()), signer)
}

// parsed returns the authority's certificate and key.
func parsed(t *testing.T, a certificate.Pair) (*x509.Certificate, crypto.Signer) {
	t.Helper()
	pair, err := tls.X509KeyPair([]byte(a.Chain), []byte(a.Key))
	if err != nil {
		t.Fatal(err)
	}
	return pair.Leaf, pair.PrivateKey.(crypto.Signer)
}

func ec(t *testing.T, curve elliptic.Curve) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestServerCertificates(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	ca, other := authority(t), authority(t)
	good, foreign := issued(t, ca, host, "10.0.0.4", "fd00::4"), issued(t, other, host)
	_, edKey, _ := ed25519.GenerateKey(rand.Reader)
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	p256 := ec(t, elliptic.P256())
	small := selfSigned(t, short, nil)
	renamed := rename(t, ca)
	below := func(change func(*x509.Certificate)) certificate.Pair { return belowIntermediate(t, ca, change) }
	for name, row := range map[string]struct {
		chain, key string
		hosts      []string
		want       [][]string // words of each error, in order
	}{
		"leaf only":                     {good.Chain, good.Key, []string{host, "10.0.0.4", "fd00::4", "[fd00::4]"}, nil},
		"leaf and authority":            {good.Chain + ca.Chain, good.Key, []string{host}, nil},
		"text between the blocks":       {"subject=kitchen\n" + good.Chain + "\nissuer\r\n" + ca.Chain, good.Key, []string{host}, nil},
		"without a key":                 {good.Chain, "", []string{host}, nil},
		"a wildcard":                    {issued(t, ca, "*.example.com").Chain, "", []string{host}, nil},
		"a wildcard, two labels below":  {issued(t, ca, "*.example.com").Chain, "", []string{"a." + host}, [][]string{{"valid for *.example.com, not for a." + host}}},
		"another name":                  {issued(t, ca, "www.example.com", "10.0.0.9").Chain, "", []string{host}, [][]string{{"valid for www.example.com, 10.0.0.9, not for " + host}}},
		"each host":                     {good.Chain, good.Key, []string{host, "10.0.0.3", "api.example.com"}, [][]string{{"not for 10.0.0.3"}, {"not for api.example.com"}}},
		"only a common name":            {selfSigned(t, p256, func(c *x509.Certificate) { c.DNSNames = nil }).Chain, "", []string{host}, [][]string{{"no subject alternative names"}}},
		"another key":                   {good.Chain, foreign.Key, []string{host}, [][]string{{"the key does not belong to the certificate", "CN=" + host}}},
		"the authority first":           {ca.Chain + good.Chain, good.Key, []string{host}, [][]string{{"certificate 1 (CN=kitchen) is not signed by certificate 2", "first"}, {"key belongs to certificate 2"}, {"valid for no host"}}},
		"followed by another authority": {good.Chain + other.Chain, good.Key, []string{host}, [][]string{{"certificate 1 (CN=" + host + ") is not signed by certificate 2 (CN=kitchen)"}}},
		"the same certificate twice":    {good.Chain + good.Chain, good.Key, []string{host}, [][]string{{"not signed by certificate 2"}}},
		"expired":                       {selfSigned(t, p256, func(c *x509.Certificate) { c.NotAfter = now.AddDate(0, 0, -1) }).Chain, "", []string{host}, [][]string{{"expired on 2026-11-28"}}},
		"not yet valid":                 {selfSigned(t, p256, func(c *x509.Certificate) { c.NotBefore = now.AddDate(0, 0, 1) }).Chain, "", []string{host}, [][]string{{"not valid before 2026-11-30", "clock"}}},
		"a short RSA key":               {small.Chain, small.Key, []string{host}, [][]string{{"RSA key of 1024 bits", "2048"}}},
		"P-521":                         {selfSigned(t, ec(t, elliptic.P521()), nil).Chain, "", []string{host}, [][]string{{"P-521", "P-256"}}},
		"Ed25519":                       {selfSigned(t, edKey, nil).Chain, "", []string{host}, [][]string{{"Ed25519", "ECDSA"}}},
		"SHA-1":                         {selfSigned(t, p256, func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }).Chain, "", []string{host}, [][]string{{"ECDSA-SHA1", "SHA-256"}}},
		"a client certificate": {selfSigned(t, p256, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }).Chain, "", []string{host},
			[][]string{{"extended key usage", "serverAuth"}}},
		"only key encipherment": {selfSigned(t, p256, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }).Chain, "", []string{host}, [][]string{{"key usage", "digitalSignature", "TLS 1.3"}}},
		"a CA as `openssl req -x509` creates it": {selfSigned(t, p256, func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true }).Chain, "", []string{host},
			[][]string{{"CN=" + host, "is a CA certificate", "Firefox", "-addext basicConstraints=critical,CA:FALSE"}}},
		"a wildcard with one label":      {issued(t, ca, "*.lan").Chain, "", []string{"hankki.lan"}, [][]string{{"valid for *.lan, not for hankki.lan", "at least two labels"}}},
		"the name beside that wildcard":  {issued(t, ca, "*.lan", "hankki.lan").Chain, "", []string{"hankki.lan"}, nil},
		"an address as a DNS name":       {issuedFor(t, ca, func(c *x509.Certificate) { c.DNSNames = []string{"10.0.0.4"} }).Chain, "", []string{"10.0.0.4"}, [][]string{{"10.0.0.4 is a DNS name", "IP address"}}},
		"followed by its renamed issuer": {good.Chain + renamed.Chain, "", []string{host}, [][]string{{"certificate 1 (CN=" + host + ") is not signed by certificate 2 (CN=renamed)"}}},
		"an intermediate authority":      {below(nil).Chain, "", []string{host}, nil},
		"an intermediate for clients only": {below(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }).Chain, "", []string{host},
			[][]string{{"extended key usage", "serverAuth"}}},
		"an intermediate for other names": {below(func(c *x509.Certificate) { c.PermittedDNSDomains = []string{"example.org"} }).Chain, "", []string{host}, [][]string{{"not authorized to sign for this name", host}}},
		"an intermediate for a directory": {below(forDirectory(t)).Chain, "", []string{host}, nil},
		"an intermediate for clients of a directory": {below(func(c *x509.Certificate) {
			forDirectory(t)(c)
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		}).Chain, "", []string{host}, [][]string{{"extended key usage", "serverAuth"}}},
		"an intermediate below a path length of 0": {below(nil).Chain + ca.Chain, "", []string{host}, [][]string{{"too many intermediates"}}},
		"empty":                 {"", good.Key, []string{host}, [][]string{{"no certificate in PEM form"}}},
		"DER":                   {"\x30\x82\x01", good.Key, []string{host}, [][]string{{"no certificate in PEM form"}}},
		"a certificate request": {strings.ReplaceAll(good.Chain, "CERTIFICATE", "CERTIFICATE REQUEST"), "", []string{host}, [][]string{{"CERTIFICATE REQUEST", "not a certificate"}}},
		"no DER in the PEM":     {string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")})), "", []string{host}, [][]string{{"certificate 1 can't be read"}}},
		"the key in the chain":  {good.Chain + good.Key, good.Key, []string{host}, [][]string{{"private key is among"}}},
		"a certificate as key":  {good.Chain, good.Chain, []string{host}, [][]string{{"no private key"}}},
		"an encrypted key":      {good.Chain, strings.ReplaceAll(good.Key, "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), []string{host}, [][]string{{"passphrase", "openssl pkey"}}},
		"an invalid key":        {good.Chain, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")})), []string{host}, [][]string{{"the key can't be read"}}},
		"all errors at once": {selfSigned(t, short, func(c *x509.Certificate) { c.NotAfter, c.DNSNames = now.AddDate(0, 0, -1), nil }).Chain + ca.Chain, good.Key, []string{host},
			[][]string{{"not signed by"}, {"does not belong to"}, {"valid for no host"}, {"1024 bits"}, {"expired on"}}},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, certificate.CheckServer(row.chain, row.key, row.hosts, now).Errors, row.want)
		})
	}
}

// forDirectory restricts an authority to names of a directory, by a critical extension that crypto/x509 does not read.
func forDirectory(t *testing.T) func(*x509.Certificate) {
	t.Helper()
	directory, err := asn1.Marshal(pkix.Name{Organization: []string{"kitchen"}}.ToRDNSequence())
	if err != nil {
		t.Fatal(err)
	}
	type subtree struct{ Base asn1.RawValue }
	constraints, err := asn1.Marshal(struct {
		Permitted []subtree `asn1:"tag:0"`
	}{[]subtree{{asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 4, IsCompound: true, Bytes: directory}}}})
	if err != nil {
		t.Fatal(err)
	}
	return func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 30}, Critical: true, Value: constraints}}
	}
}

// expect checks that there is one error for each list of words, in order, and that it contains all of them.
func expect(t *testing.T, errs []error, want [][]string) {
	t.Helper()
	if len(errs) != len(want) {
		t.Fatalf("want %d errors, got %d: %v", len(want), len(errs), errs)
	}
	for i, words := range want {
		for _, word := range words {
			if !strings.Contains(errs[i].Error(), word) {
				t.Errorf("the error lacks %q: %v", word, errs[i])
			}
		}
	}
}

func TestExpiryIsTheEarliestOfTheChain(t *testing.T) {
	ca := authority(t)
	leaf := issued(t, ca, host)
	near := now.AddDate(0, 0, certificate.LeafDays-1)
	if f := certificate.CheckServer(leaf.Chain+ca.Chain, leaf.Key, []string{host}, near); len(f.Errors) > 0 || len(f.Warnings) != 1 || !strings.Contains(f.Warnings[0], "in less than 2 days") {
		t.Errorf("one day before the leaf's expiry: %v", f)
	}
	for days, want := range map[int]string{certificate.SoonDays + 1: "", certificate.SoonDays: "less than 15 days", 1: "expires on 2026-11-30, in less than 2 days", 0: "in less than 1 day:", -1: ""} {
		if got := certificate.ExpiryWarning(now.AddDate(0, 0, days), now); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("in %d days: %q, not %q", days, got, want)
		}
	}
}

// OpenSSL, and so Nginx and libpq, rejects a file with one damaged block. Go's encoding/pem skips the block.
func TestDamagedBlocks(t *testing.T) {
	ca := authority(t)
	leaf := issued(t, ca, host)
	const end = "-----END CERTIFICATE-----"
	for name, row := range map[string]struct{ chain, want string }{
		"truncated after the leaf":   {leaf.Chain + ca.Chain[:300], "PEM block 2 is damaged or truncated"},
		"only a BEGIN line":          {leaf.Chain + "-----BEGIN CERTIFICATE-----\n", "PEM block 2 is damaged or truncated"},
		"an invalid base64 line":     {leaf.Chain + strings.Replace(ca.Chain, "\n", "\n!", 1), "PEM block 2 is damaged or truncated"},
		"an invalid END line":        {leaf.Chain + strings.Replace(ca.Chain, end, "-----END-----", 1), "PEM block 2 is damaged or truncated"},
		"a damaged leaf":             {strings.Replace(leaf.Chain, end, "", 1) + ca.Chain, "PEM block 1 is damaged or truncated"},
		"nothing but a damaged leaf": {leaf.Chain[:300], "PEM block 1 is damaged or truncated"},
		"joined without a line end":  {strings.TrimSpace(leaf.Chain) + ca.Chain, "PEM block 2 does not begin a line"},
		"a byte order mark":          {"\ufeff" + leaf.Chain + ca.Chain, "PEM block 1 does not begin a line"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, found := range []certificate.Findings{
				certificate.CheckServer(row.chain, "", []string{host}, now),
				certificate.CheckAuthorities(strings.ReplaceAll(row.chain, leaf.Chain, ca.Chain), now),
				certificate.CheckClient(row.chain, "", now),
			} {
				if !slices.ContainsFunc(found.Errors, func(err error) bool { return strings.Contains(err.Error(), row.want) }) {
					t.Errorf("the errors lack %q: %v", row.want, found.Errors)
				}
			}
		})
	}
	expect(t, certificate.CheckServer(leaf.Chain, ca.Key[:60]+"\n"+leaf.Key, []string{host}, now).Errors, [][]string{{"the key can't be read: PEM block 1 is damaged or truncated"}})
}

// Apple's devices reject what others accept: https://support.apple.com/en-us/103769
func TestServerCertificatesThatAppleRejects(t *testing.T) {
	server := []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for name, row := range map[string]struct {
		change func(*x509.Certificate)
		want   []string // words of the only warning
	}{
		"825 days":                  {func(c *x509.Certificate) { c.ExtKeyUsage, c.NotAfter = server, c.NotBefore.AddDate(0, 0, 825) }, nil},
		"826 days":                  {func(c *x509.Certificate) { c.ExtKeyUsage, c.NotAfter = server, c.NotBefore.AddDate(0, 0, 826) }, []string{"valid for 826 days", "Apple", "825"}},
		"without an extended usage": {nil, []string{"extended key usage", "Apple", "serverAuth"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := certificate.CheckServer(selfSigned(t, ec(t, elliptic.P256()), row.change).Chain, "", []string{host}, now)
			expect(t, f.Errors, nil)
			if (len(f.Warnings) == 1) != (row.want != nil) {
				t.Fatalf("the warnings are %q", f.Warnings)
			}
			for _, word := range row.want {
				if !strings.Contains(f.Warnings[0], word) {
					t.Errorf("the warning lacks %q: %s", word, f.Warnings[0])
				}
			}
		})
	}
}

func TestAuthorities(t *testing.T) {
	ca := authority(t)
	leaf := issued(t, ca, host)
	own := selfSigned(t, ec(t, elliptic.P521()), nil) // accepted, although browsers don't support its curve
	old := selfSigned(t, ec(t, elliptic.P256()), func(c *x509.Certificate) { c.NotAfter = now.AddDate(0, 0, -1) })
	for name, row := range map[string]struct {
		text string
		want [][]string
	}{
		"one authority":                    {ca.Chain, nil},
		"two authorities":                  {ca.Chain + authority(t).Chain, nil},
		"a self-signed server certificate": {own.Chain, nil},
		"a server certificate":             {leaf.Chain, [][]string{{"not a CA certificate", "CN=kitchen"}}},
		"one of two authorities expired":   {ca.Chain + old.Chain, nil},
		"all authorities expired":          {old.Chain + old.Chain, [][]string{{"CN=" + host + " expired on 2026-11-28"}, {"CN=" + host + " expired on 2026-11-28"}}},
		"no PEM":                           {"kitchen", [][]string{{"no certificate in PEM form"}}},
		"with the private key":             {ca.Chain + ca.Key, [][]string{{"private key"}}},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, certificate.CheckAuthorities(row.text, now).Errors, row.want)
		})
	}
	warnings := certificate.CheckAuthorities(ca.Chain+old.Chain, now).Warnings
	if len(warnings) != 1 || !strings.Contains(warnings[0], "contains the authority CN="+host+", which expired on 2026-11-28") {
		t.Errorf("with an expired authority beside a valid one the warnings are %q", warnings)
	}
	expect(t, certificate.CheckAuthorities(ca.Chain, now.AddDate(11, 0, 0)).Errors, [][]string{{"CN=kitchen expired on"}})
}

func TestClientCertificates(t *testing.T) {
	ca := authority(t)
	mine, other := issued(t, ca, "hankki"), issued(t, ca, "hankki")
	expect(t, certificate.CheckClient(mine.Chain, mine.Key, now).Errors, nil)
	expect(t, certificate.CheckClient(mine.Chain, other.Key, now.AddDate(5, 0, 0)).Errors, [][]string{{"does not belong to"}, {"expired on"}})
	expect(t, certificate.CheckClient("", mine.Key, now).Errors, [][]string{{"no certificate"}})
	expired := func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.AddDate(0, 0, -9), now.AddDate(0, 0, -1) }
	for name, row := range map[string]struct {
		chain string
		want  [][]string
	}{
		"with its authority":               {mine.Chain + ca.Chain, nil},
		"an intermediate authority":        {belowIntermediate(t, ca, nil).Chain, nil},
		"an expired intermediate":          {belowIntermediate(t, ca, expired).Chain, [][]string{{"CN=intermediate expired on"}}},
		"followed by another authority":    {mine.Chain + authority(t).Chain, [][]string{{"is not signed by certificate 2"}}},
		"a server certificate":             {issuedFor(t, ca, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }).Chain, [][]string{{"extended key usage", "clientAuth"}}},
		"for key encipherment only":        {issuedFor(t, ca, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }).Chain, [][]string{{"digitalSignature"}}},
		"on a curve of no browser":         {selfSigned(t, ec(t, elliptic.P521()), nil).Chain, nil},
		"self-signed, as openssl makes it": {selfSigned(t, ec(t, elliptic.P256()), func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true }).Chain, nil},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, certificate.CheckClient(row.chain, "", now).Errors, row.want)
		})
	}
}

// A private authority warns in time, and its last certificates end with it.
func TestAuthorityThatExpires(t *testing.T) {
	ca := authority(t)
	for years, want := range map[int]string{8: "", 9: "the private authority (CN=kitchen) expires on 2036-11-29"} {
		at := now.AddDate(years, 0, 0)
		if got := ca.ExpiryWarning(at); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("after %d years: %q, not %q", years, got, want)
		}
		leaf, err := ca.Issue([]string{host}, at)
		if err != nil {
			t.Fatal(err)
		}
		own, _ := parsed(t, leaf)
		root, _ := parsed(t, ca)
		if own.NotAfter.After(root.NotAfter) {
			t.Errorf("after %d years the certificate ends on %v, after its authority", years, own.NotAfter)
		}
	}
}

// Clients that trust the authority accept its certificates; other clients reject them.
func TestIssuedCertificatesVerify(t *testing.T) {
	ca := authority(t)
	block, _ := pem.Decode([]byte(issued(t, ca, host, "10.0.0.4").Chain))
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	for trusted, want := range map[string]bool{ca.Chain: true, authority(t).Chain: false} {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM([]byte(trusted))
		for _, use := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
			_, err := leaf.Verify(x509.VerifyOptions{DNSName: host, Roots: roots, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{use}})
			if (err == nil) != want {
				t.Errorf("verified: %v: %v", err == nil, err)
			}
		}
	}
	if again := certificate.Split(ca.Chain + ca.Key); again != ca {
		t.Error("Split returns a different pair")
	}
	if _, err := certificate.Split("kitchen").Issue([]string{host}, now); err == nil {
		t.Error("an authority without a certificate issues a certificate")
	}
}
