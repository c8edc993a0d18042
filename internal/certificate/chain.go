package certificate

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"time"
)

// checkChain verifies the chain for the usage as clients do, with its last certificate as the trusted root. Dates and the
// names of hosts are not checked.
func checkChain(certs []*x509.Certificate, usage x509.ExtKeyUsage) (errs []error) {
	if errs = checkOrder(certs); errs != nil {
		return errs
	}
	leaf := certs[0]
	if leaf.IsCA && usage == x509.ExtKeyUsageServerAuth {
		errs = append(errs, fmt.Errorf("%s is a CA certificate, which Firefox rejects as a server's: request one without CA:TRUE (`openssl req -x509` needs -addext basicConstraints=critical,CA:FALSE)", name(leaf)))
	}
	if leaf.KeyUsage != 0 && leaf.KeyUsage&x509.KeyUsageDigitalSignature == 0 { // Verify ignores the key usage
		errs = append(errs, fmt.Errorf("the certificate (%s) has a key usage without digitalSignature, which TLS 1.3 needs: request one with it", name(leaf)))
	}
	err := verify(certs, usage)
	var invalid x509.CertificateInvalidError
	switch isInvalid := errors.As(err, &invalid); {
	case err == nil:
	case isInvalid && invalid.Reason == x509.Expired: // no time is within all validities, so checkDates finds an error
	case isInvalid && invalid.Reason == x509.IncompatibleUsage:
		errs = append(errs, fmt.Errorf("the certificate (%s) or an issuer in its chain has an extended key usage without %s: request one with it, from an authority that may issue it", name(leaf), usageName(usage)))
	default:
		errs = append(errs, fmt.Errorf("the chain of the certificate (%s) is not valid: %w; request one from another authority", name(leaf), err))
	}
	return errs
}

// verify is x509.Verify with the last certificate as the trusted root, at a time within all validities.
func verify(certs []*x509.Certificate, usage x509.ExtKeyUsage) error {
	readable := make([]*x509.Certificate, len(certs))
	for i, cert := range certs {
		// Verify rejects a certificate with a critical extension that crypto/x509 does not read, such as constraints on directory names.
		// Clients read more of them.
		of := *cert
		of.UnhandledCriticalExtensions = nil
		readable[i] = &of
	}
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(readable[len(certs)-1])
	for _, cert := range readable[1:] {
		intermediates.AddCert(cert)
	}
	_, err := readable[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates, KeyUsages: []x509.ExtKeyUsage{usage}, CurrentTime: latestStart(certs)})
	return err //nolint:wrapcheck // checkChain names the certificate
}

func usageName(usage x509.ExtKeyUsage) string {
	if usage == x509.ExtKeyUsageClientAuth {
		return "clientAuth"
	}
	return "serverAuth"
}

// latestStart returns a time within the validity of each certificate, if there is one.
func latestStart(certs []*x509.Certificate) (latest time.Time) {
	for _, cert := range certs {
		if cert.NotBefore.After(latest) {
			latest = cert.NotBefore
		}
	}
	return latest
}

// checkOrder requires each certificate to be signed by the next one, and to name it as its issuer.
func checkOrder(certs []*x509.Certificate) (errs []error) {
	for i, cert := range certs[:len(certs)-1] {
		err := cert.CheckSignatureFrom(certs[i+1])
		if errors.As(err, new(x509.InsecureAlgorithmError)) {
			err = nil // an error of Verify
		}
		if err != nil || !bytes.Equal(cert.RawIssuer, certs[i+1].RawSubject) {
			errs = append(errs, fmt.Errorf("certificate %d (%s) is not signed by certificate %d (%s): put the site's certificate first, then after each certificate the authority that signed it, and remove all others",
				i+1, name(cert), i+2, name(certs[i+1])))
		}
	}
	return errs
}

func isSelfSigned(cert *x509.Certificate) bool {
	return cert.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) == nil
}

// outOfDate returns a clause if the certificate is not valid now; otherwise an empty string.
func outOfDate(cert *x509.Certificate, now time.Time) string {
	switch {
	case now.After(cert.NotAfter):
		return "expired on " + day(cert.NotAfter)
	case now.Before(cert.NotBefore):
		return "is not valid before " + day(cert.NotBefore)
	}
	return ""
}

func checkDates(cert *x509.Certificate, now time.Time) []error {
	wrong := outOfDate(cert, now)
	switch {
	case wrong == "":
		return nil
	case now.Before(cert.NotBefore):
		return []error{fmt.Errorf("the certificate %s %s: wait, or correct the clock of this machine, whose date is %s", name(cert), wrong, day(now))}
	}
	return []error{fmt.Errorf("the certificate %s %s: renew it", name(cert), wrong)}
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
