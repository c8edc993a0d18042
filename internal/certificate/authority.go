package certificate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// Pair is a certificate or a chain, and the private key of its first certificate; both PEM.
type Pair struct{ Chain, Key string }

// Split splits a PEM text into a chain and the key that follows it.
func Split(text string) Pair {
	at := max(strings.Index(text, "-----BEGIN PRIVATE KEY-----"), 0)
	return Pair{Chain: text[:at], Key: text[at:]}
}

// LeafDays is the validity of an issued certificate in days, below the 398 days that Safari and Chrome accept for
// public certificates.
const LeafDays = 396

// authorityYears is the validity of a private authority in years.
const authorityYears = 10

// clockSkew is how far a client's clock may be behind without rejecting a new certificate.
const clockSkew = time.Hour

// NewAuthority creates a private certificate authority. It signs server and client certificates, but no intermediate
// authorities.
func NewAuthority(commonName string, now time.Time) (Pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Pair{}, fmt.Errorf("authority %q: key: %w", commonName, err)
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: commonName},
		NotBefore: now.Add(-clockSkew), NotAfter: now.AddDate(authorityYears, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	return sign(template, template, key, key)
}

// Issue signs a server certificate for the hosts (names or addresses), valid for LeafDays from now, but not longer than the
// authority. It is a client certificate too, with the first host as its common name.
func (a Pair) Issue(hosts []string, now time.Time) (Pair, error) {
	certs, errs := parseChain(a.Chain)
	if len(errs) > 0 {
		return Pair{}, fmt.Errorf("private authority: %w", errors.Join(errs...))
	}
	signer, err := parseKey(a.Key)
	if err != nil {
		return Pair{}, fmt.Errorf("private authority: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Pair{}, fmt.Errorf("certificate of %v: key: %w", hosts, err)
	}
	template := &x509.Certificate{
		SerialNumber: serial(), NotBefore: now.Add(-clockSkew), NotAfter: now.AddDate(0, 0, LeafDays),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
	}
	if template.NotAfter.After(certs[0].NotAfter) {
		template.NotAfter = certs[0].NotAfter
	}
	template.DNSNames, template.IPAddresses = SplitHosts(hosts)
	if len(hosts) > 0 {
		template.Subject.CommonName = hosts[0]
	}
	return sign(template, certs[0], key, signer)
}

// ExpiryWarning returns a warning if the authority expires before a certificate that it would issue now; otherwise an empty string.
func (a Pair) ExpiryWarning(now time.Time) string {
	certs, _ := parseChain(a.Chain)
	if len(certs) == 0 || certs[0].NotAfter.After(now.AddDate(0, 0, LeafDays)) {
		return ""
	}
	return fmt.Sprintf("the private authority (%s) expires on %s, and its certificates with it", name(certs[0]), day(certs[0].NotAfter))
}

func sign(template, parent *x509.Certificate, key *ecdsa.PrivateKey, signer crypto.Signer) (Pair, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		return Pair{}, fmt.Errorf("certificate %s: %w", template.Subject, err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Pair{}, fmt.Errorf("certificate %s: key: %w", template.Subject, err)
	}
	return Pair{Chain: encode("CERTIFICATE", der), Key: encode("PRIVATE KEY", private)}, nil
}

func encode(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// serial returns a random positive number of 127 bits, as the CA/Browser Forum requires.
func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		panic(err) // crypto/rand does not fail since Go 1.24
	}
	return n.Add(n, big.NewInt(1))
}
