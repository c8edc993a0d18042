// Package certificate validates TLS certificates before they are used, and issues those of a private authority.
package certificate

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"k8s.io/client-go/util/keyutil"
)

// parseChain reads the certificates of a PEM text, in order.
func parseChain(text string) (chain []*x509.Certificate, errs []error) {
	rest := []byte(text)
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		switch {
		case block.Type == "CERTIFICATE":
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				errs = append(errs, fmt.Errorf("certificate %d can't be read: %w", len(chain)+len(errs)+1, err))
				continue
			}
			chain = append(chain, cert)
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			errs = append(errs, errors.New("a private key is among the certificates: remove it, and replace it if others could read it"))
		default:
			errs = append(errs, fmt.Errorf("a PEM block %q is not a certificate: remove it", block.Type))
		}
	}
	if len(chain) == 0 && len(errs) == 0 {
		errs = append(errs, errors.New("no certificate in PEM form (-----BEGIN CERTIFICATE-----)"))
	}
	return chain, errs
}

// parseKey reads the private key of a PEM text. Its errors contain no part of the key.
func parseKey(text string) (crypto.Signer, error) {
	switch {
	case strings.Contains(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----"), strings.Contains(text, "Proc-Type: 4,ENCRYPTED"):
		return nil, errors.New("the key is encrypted with a passphrase, which a pod can't enter: decrypt it with `openssl pkey`")
	case !strings.Contains(text, "PRIVATE KEY-----"):
		return nil, errors.New("no private key in PEM form (-----BEGIN PRIVATE KEY-----)")
	}
	key, err := keyutil.ParsePrivateKeyPEM([]byte(text))
	if signer, ok := key.(crypto.Signer); ok && err == nil {
		return signer, nil
	}
	return nil, errors.New("the key can't be read: it is neither PKCS #8 nor an RSA or EC key") // the library's error has no further detail
}

// belong reports whether the key belongs to the certificate.
func belong(cert *x509.Certificate, key crypto.Signer) bool {
	public, ok := key.Public().(interface {
		Equal(other crypto.PublicKey) bool
	})
	return ok && public.Equal(cert.PublicKey)
}
