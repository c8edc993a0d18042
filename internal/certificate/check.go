package certificate

import (
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"hankki/internal/plural"
)

// SoonDays is the number of days before a certificate's expiry from which a warning is printed.
const SoonDays = 14

// Findings are the results of a check.
type Findings struct {
	Errors   []error  // reasons to refuse the certificates
	Warnings []string // clauses without a subject, e.g. "expires on …"
}

// Add adds the findings of another check.
func (f *Findings) Add(other Findings) {
	f.Errors = append(f.Errors, other.Errors...)
	f.Warnings = append(f.Warnings, other.Warnings...)
}

func (f *Findings) warn(warning string) {
	if warning != "" {
		f.Warnings = append(f.Warnings, warning)
	}
}

// CheckServer finds all reasons why browsers would reject the PEM chain and its key at any of the hosts (names or
// addresses). An empty key is not checked.
func CheckServer(chain, key string, hosts []string, now time.Time) (f Findings) {
	certs, errs := parseChain(chain)
	f.Errors = errs
	if len(certs) == 0 {
		return f
	}
	f.Errors = append(f.Errors, checkChain(certs, x509.ExtKeyUsageServerAuth)...)
	if key != "" {
		f.Errors = append(f.Errors, checkKey(certs, key)...)
	}
	f.Errors = append(f.Errors, checkNames(certs[0], hosts)...)
	for i, cert := range certs {
		f.Errors = append(f.Errors, checkStrength(i, cert)...)
		f.Errors = append(f.Errors, checkDates(cert, now)...)
	}
	f.warn(ExpiryWarning(ends(certs), now))
	f.Warnings = append(f.Warnings, rejectedByApple(certs[0])...)
	return f
}

// CheckAuthorities checks a PEM text of CA certificates that peers are verified against. An invalid date is an error only if
// all have one, because clients ignore such certificates.
func CheckAuthorities(text string, now time.Time) (f Findings) {
	certs, errs := parseChain(text)
	f.Errors = errs
	var dates []error
	var valid []*x509.Certificate
	for _, cert := range certs {
		if wrong := outOfDate(cert, now); wrong == "" {
			valid = append(valid, cert)
		} else {
			dates = append(dates, checkDates(cert, now)...)
			f.warn(fmt.Sprintf("contains the authority %s, which %s: remove it", name(cert), wrong))
		}
		if !cert.IsCA && !isSelfSigned(cert) { // libpq accepts a self-signed server certificate as its own CA
			f.Errors = append(f.Errors, fmt.Errorf("%s is not a CA certificate: use the certificate of its issuer, %s", name(cert), cert.Issuer))
		}
	}
	if len(valid) == 0 {
		return Findings{Errors: append(f.Errors, dates...)}
	}
	f.warn(ExpiryWarning(ends(valid), now))
	return f
}

// CheckClient checks a client's chain and key. An empty key is not checked.
func CheckClient(chain, key string, now time.Time) (f Findings) {
	certs, errs := parseChain(chain)
	f.Errors = errs
	if len(certs) == 0 {
		return f
	}
	if key != "" {
		f.Errors = append(f.Errors, checkKey(certs, key)...)
	}
	f.Errors = append(f.Errors, checkChain(certs, x509.ExtKeyUsageClientAuth)...)
	for _, cert := range certs {
		f.Errors = append(f.Errors, checkDates(cert, now)...)
	}
	f.warn(ExpiryWarning(ends(certs), now))
	return f
}

// ends returns the earliest expiry; zero without certificates.
func ends(certs []*x509.Certificate) (earliest time.Time) {
	for _, cert := range certs {
		if earliest.IsZero() || cert.NotAfter.Before(earliest) {
			earliest = cert.NotAfter
		}
	}
	return earliest
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
