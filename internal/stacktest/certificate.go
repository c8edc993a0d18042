package stacktest

import (
	"encoding/pem"
	"net/http/httptest"
	"testing"
	"time"

	"hankki/internal/certificate"
)

// Authority returns a new certificate authority.
func Authority(tb testing.TB) certificate.Pair {
	tb.Helper()
	authority, err := certificate.NewAuthority("kitchen", time.Now())
	if err != nil {
		tb.Fatal(err)
	}
	return authority
}

// Issue returns a certificate of the authority for the hosts.
func Issue(tb testing.TB, authority certificate.Pair, hosts ...string) certificate.Pair {
	tb.Helper()
	leaf, err := authority.Issue(hosts, time.Now())
	if err != nil {
		tb.Fatal(err)
	}
	return leaf
}

// CertificateOf returns the certificate of a TLS server in PEM form. A client that trusts it accepts the server.
func CertificateOf(server *httptest.Server) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
}
