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

const pemBegin = "-----BEGIN "

// decode returns the blocks of a PEM text, and an error for each block that OpenSSL rejects, and the whole file with it.
// encoding/pem skips such blocks without an error.
func decode(text string) (blocks []*pem.Block, errs []error) {
	before, rest, found := strings.Cut(text, pemBegin)
	for n := 1; found; n++ {
		if before != "" && !strings.HasSuffix(before, "\n") {
			errs = append(errs, fmt.Errorf("PEM block %d does not begin a line: put its BEGIN line on a line of its own, without a byte order mark", n))
		}
		before, rest, found = strings.Cut(rest, pemBegin)
		block, _ := pem.Decode([]byte(pemBegin + before))
		if block == nil {
			errs = append(errs, fmt.Errorf("PEM block %d is damaged or truncated: copy the file again", n))
			continue
		}
		blocks = append(blocks, block)
	}
	return blocks, errs
}

// parseChain reads the certificates of a PEM text, in order.
func parseChain(text string) (chain []*x509.Certificate, errs []error) {
	blocks, errs := decode(text)
	for i, block := range blocks {
		switch {
		case block.Type == "CERTIFICATE":
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				errs = append(errs, fmt.Errorf("certificate %d can't be read: %w", i+1, err))
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
	if _, errs := decode(text); len(errs) > 0 {
		return nil, fmt.Errorf("the key can't be read: %w", errs[0])
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
