package preflight

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"hankki/internal/config"
)

// engineTLS returns the provider's TLS configuration for a TCP engine: the PEM texts of the configuration,
// docker:certPath, or DOCKER_CERT_PATH, where the engine's certificate is verified only if DOCKER_TLS_VERIFY is set.
// It is nil if all are unset.
func engineTLS(e config.Engine) (*tls.Config, error) {
	if e.CA != "" || e.Cert != "" || e.Key != "" {
		return newEngineTLS([]byte(e.CA), []byte(e.Cert), []byte(e.Key.Reveal()), true)
	}
	folder, verify := e.CertPath, true
	if folder == "" {
		folder, verify = os.Getenv("DOCKER_CERT_PATH"), os.Getenv("DOCKER_TLS_VERIFY") != ""
	}
	if folder == "" {
		return nil, nil //nolint:nilnil // nil means no TLS
	}
	var texts [3][]byte
	for i, file := range []string{"ca.pem", "cert.pem", "key.pem"} {
		text, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			return nil, fmt.Errorf("docker:certPath or DOCKER_CERT_PATH: %w", err)
		}
		texts[i] = text
	}
	return newEngineTLS(texts[0], texts[1], texts[2], verify)
}

func newEngineTLS(ca, cert, key []byte, verify bool) (*tls.Config, error) {
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("the engine's client certificate: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(ca) {
		return nil, errors.New("the engine's certificate authority contains no certificate in PEM form")
	}
	return &tls.Config{
		Certificates: []tls.Certificate{pair}, RootCAs: pool, MinVersion: tls.VersionTLS12,
		InsecureSkipVerify: !verify, //nolint:gosec // as Docker's own client does without DOCKER_TLS_VERIFY
	}, nil
}
