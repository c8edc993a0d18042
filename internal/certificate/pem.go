// Package certificate says what is wrong with TLS certificates before they are used, and issues those of a private authority.
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

// parseChain reads the certificates of a PEM text, in their order.
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
			errs = append(errs, errors.New("a private key stands among the certificates: keep it apart, and replace it if others could read it"))
		default:
			errs = append(errs, fmt.Errorf("a PEM block %q is no certificate: remove it", block.Type))
		}
	}
	if len(chain) == 0 && len(errs) == 0 {
		errs = append(errs, errors.New("there is no certificate in PEM form (-----BEGIN CERTIFICATE-----)"))
	}
	return chain, errs
}

// parseKey reads the private key of a PEM text. Its error never holds a part of the key.
func parseKey(text string) (crypto.Signer, error) {
	switch {
	case strings.Contains(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----"), strings.Contains(text, "Proc-Type: 4,ENCRYPTED"):
		return nil, errors.New("the key is encrypted with a passphrase, which nobody can type in a pod: decrypt it with `openssl pkey`")
	case !strings.Contains(text, "PRIVATE KEY-----"):
		return nil, errors.New("the key has no private key in PEM form (-----BEGIN PRIVATE KEY-----)")
	}
	key, err := keyutil.ParsePrivateKeyPEM([]byte(text))
	if signer, ok := key.(crypto.Signer); ok && err == nil {
		return signer, nil
	}
	return nil, errors.New("the key can't be read: it is neither PKCS #8 nor an RSA or EC key") // the library's error says no more
}

// belong tells whether the key is the certificate's.
func belong(cert *x509.Certificate, key crypto.Signer) bool {
	public, ok := key.Public().(interface {
		Equal(other crypto.PublicKey) bool
	})
	return ok && public.Equal(cert.PublicKey)
}
