package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"hankki/internal/plural"
)

// minRSABits is the smallest RSA key that browsers accept and that Mozilla's "intermediate" profile allows.
const minRSABits = 2048

// maxAppleDays is the longest validity of a server certificate that Apple's devices accept, in days.
const maxAppleDays = 825

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

// rejectedByApple returns a warning for each property that only Apple's devices reject: https://support.apple.com/en-us/103769
func rejectedByApple(cert *x509.Certificate) (warnings []string) {
	if validity := cert.NotAfter.Sub(cert.NotBefore); validity > maxAppleDays*24*time.Hour {
		warnings = append(warnings, fmt.Sprintf("is valid for %s, and Apple's devices reject more than %d: request a shorter validity", plural.Of(int(validity.Hours()/24), "day"), maxAppleDays))
	}
	if len(cert.ExtKeyUsage)+len(cert.UnknownExtKeyUsage) == 0 {
		warnings = append(warnings, "has no extended key usage, and Apple's devices require serverAuth: request a certificate with it")
	}
	return warnings
}
