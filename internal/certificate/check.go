package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"hankki/internal/plural"
)

// SoonDays is the number of days before a certificate's expiry from which a warning is printed.
const SoonDays = 14

// minRSABits is the smallest RSA key that browsers accept and that Mozilla's "intermediate" profile allows.
const minRSABits = 2048

// CheckServer lists all reasons why browsers would reject the PEM chain and its key at any of the hosts (names or
// addresses). An empty key is not checked. Ends is the earliest expiry in the chain; zero if no certificate can be
// read.
func CheckServer(chain, key string, hosts []string, now time.Time) (ends time.Time, errs []error) {
	certs, errs := parseChain(chain)
	if len(certs) == 0 {
		return ends, errs
	}
	errs = append(errs, checkOrder(certs)...)
	if key != "" {
		errs = append(errs, checkKey(certs, key)...)
	}
	errs = append(errs, checkNames(certs[0], hosts)...)
	errs = append(errs, checkUse(certs[0])...)
	for i, cert := range certs {
		errs = append(errs, checkStrength(i, cert)...)
		errs = append(errs, checkDates(cert, now)...)
		if ends.IsZero() || cert.NotAfter.Before(ends) {
			ends = cert.NotAfter
		}
	}
	return ends, errs
}

// CheckAuthorities lists the errors of a PEM text of CA certificates that peers are verified against.
func CheckAuthorities(text string, now time.Time) (ends time.Time, errs []error) {
	certs, errs := parseChain(text)
	for _, cert := range certs {
		errs = append(errs, checkDates(cert, now)...)
		if !cert.IsCA && !isSelfSigned(cert) { // libpq accepts a self-signed server certificate as its own CA
			errs = append(errs, fmt.Errorf("%s is not a CA certificate: use the certificate of its issuer, %s", name(cert), cert.Issuer))
		}
		if ends.IsZero() || cert.NotAfter.Before(ends) {
			ends = cert.NotAfter
		}
	}
	return ends, errs
}

// CheckClient lists the errors of a client's chain and key. An empty key is not checked.
func CheckClient(chain, key string, now time.Time) (ends time.Time, errs []error) {
	certs, errs := parseChain(chain)
	if len(certs) == 0 {
		return ends, errs
	}
	if key != "" {
		errs = append(errs, checkKey(certs, key)...)
	}
	return certs[0].NotAfter, append(errs, checkDates(certs[0], now)...)
}

// CheckKey lists the errors of a chain's key. Errors of the chain itself are not listed.
func CheckKey(chain, key string) []error {
	certs, _ := parseChain(chain)
	if len(certs) == 0 {
		return nil
	}
	return checkKey(certs, key)
}

// ExpiryWarning returns a warning if the certificate expires within SoonDays; otherwise an empty string.
func ExpiryWarning(ends, now time.Time) string {
	if ends.IsZero() || ends.Before(now) || ends.Sub(now) > SoonDays*24*time.Hour {
		return ""
	}
	return fmt.Sprintf("expires on %s, in less than %s: renew it", day(ends), plural.Of(int(ends.Sub(now).Hours()/24)+1, "day"))
}

// checkOrder requires each certificate to be signed by the next one.
func checkOrder(certs []*x509.Certificate) (errs []error) {
	for i, cert := range certs[:len(certs)-1] {
		if cert.CheckSignatureFrom(certs[i+1]) != nil {
			errs = append(errs, fmt.Errorf("certificate %d (%s) is not signed by certificate %d (%s): put the site's certificate first, then after each certificate the authority that signed it, and remove all others",
				i+1, name(cert), i+2, name(certs[i+1])))
		}
	}
	return errs
}

func checkKey(certs []*x509.Certificate, text string) []error {
	key, err := parseKey(text)
	if err != nil {
		return []error{err}
	}
	switch at := slices.IndexFunc(certs, func(c *x509.Certificate) bool { return belong(c, key) }); at {
	case 0:
		return nil
	case -1:
		return []error{fmt.Errorf("the key does not belong to the certificate (%s): set the key and the certificate of the same request", name(certs[0]))}
	default:
		return []error{fmt.Errorf("the key belongs to certificate %d (%s), not to the first: put that certificate first", at+1, name(certs[at]))}
	}
}

func checkNames(cert *x509.Certificate, hosts []string) (errs []error) {
	for _, host := range hosts {
		if cert.VerifyHostname(strings.Trim(host, "[]")) != nil {
			errs = append(errs, fmt.Errorf("the certificate is valid for %s, not for %s", Names(cert), host))
		}
	}
	return errs
}

// Names lists the names and addresses that the certificate is valid for in browsers, which ignore its common name.
func Names(cert *x509.Certificate) string {
	names := slices.Clone(cert.DNSNames)
	for _, address := range cert.IPAddresses {
		names = append(names, address.String())
	}
	if len(names) == 0 {
		return "no host (it has no subject alternative names)"
	}
	return strings.Join(names, ", ")
}

func checkUse(cert *x509.Certificate) []error {
	for _, use := range cert.ExtKeyUsage {
		if use == x509.ExtKeyUsageServerAuth || use == x509.ExtKeyUsageAny {
			return nil
		}
	}
	if len(cert.ExtKeyUsage) == 0 && len(cert.UnknownExtKeyUsage) == 0 {
		return nil
	}
	return []error{fmt.Errorf("the certificate (%s) is not a server certificate: request one with the extended key usage serverAuth", name(cert))}
}

// checkStrength rejects the algorithms and key sizes that browsers reject. A root's signature is not checked, because
// browsers ignore it.
func checkStrength(i int, cert *x509.Certificate) (errs []error) {
	weak := []x509.SignatureAlgorithm{x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1}
	if slices.Contains(weak, cert.SignatureAlgorithm) && !(i > 0 && isSelfSigned(cert)) {
		errs = append(errs, fmt.Errorf("certificate %d (%s) is signed with %s, which browsers reject: request one with SHA-256", i+1, name(cert), cert.SignatureAlgorithm))
	}
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < minRSABits {
			errs = append(errs, fmt.Errorf("certificate %d (%s) has an RSA key of %d bits: browsers require at least %d", i+1, name(cert), bits, minRSABits))
		}
	case *ecdsa.PublicKey:
		if key.Curve != elliptic.P256() && key.Curve != elliptic.P384() {
			errs = append(errs, fmt.Errorf("certificate %d (%s) has a key on the curve %s, which not all browsers support: use P-256 or P-384", i+1, name(cert), key.Params().Name))
		}
	default:
		errs = append(errs, fmt.Errorf("certificate %d (%s) has a key of type %s, which browsers don't support: use RSA, or ECDSA on P-256", i+1, name(cert), cert.PublicKeyAlgorithm))
	}
	return errs
}

func checkDates(cert *x509.Certificate, now time.Time) []error {
	switch {
	case now.After(cert.NotAfter):
		return []error{fmt.Errorf("the certificate %s expired on %s: renew it", name(cert), day(cert.NotAfter))}
	case now.Before(cert.NotBefore):
		return []error{fmt.Errorf("the certificate %s is not valid before %s: wait, or correct the clock of this machine, whose date is %s", name(cert), day(cert.NotBefore), day(now))}
	}
	return nil
}

func isSelfSigned(cert *x509.Certificate) bool {
	return cert.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) == nil
}

// name returns the common name, or else the subject alternative names, the subject or the serial number.
func name(cert *x509.Certificate) string {
	switch {
	case cert.Subject.CommonName != "":
		return "CN=" + cert.Subject.CommonName
	case len(cert.DNSNames)+len(cert.IPAddresses) > 0:
		return Names(cert)
	case len(cert.Subject.Names) > 0:
		return cert.Subject.String()
	}
	return "serial number " + cert.SerialNumber.String()
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// SplitHosts splits hosts into names and addresses.
func SplitHosts(hosts []string) (names []string, addresses []net.IP) {
	for _, host := range hosts {
		if address := net.ParseIP(host); address != nil {
			addresses = append(addresses, address)
		} else {
			names = append(names, host)
		}
	}
	return names, addresses
}
