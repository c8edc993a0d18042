package config

// SSLMode is libpq's sslmode.
type SSLMode string

// Values of database.sslMode.
const (
	SSLDisable    SSLMode = "disable"
	SSLAllow      SSLMode = "allow"
	SSLPrefer     SSLMode = "prefer"
	SSLRequire    SSLMode = "require"     // TLS without verification
	SSLVerifyCA   SSLMode = "verify-ca"   // the certificate is signed by the authority
	SSLVerifyFull SSLMode = "verify-full" // as verify-ca, and the certificate names database.host
)

// Verifies reports whether the client verifies the server's certificate.
func (m SSLMode) Verifies() bool { return m == SSLVerifyCA || m == SSLVerifyFull }

// Certified returns whether the connection uses certificates, of the server or of the API.
func (d Database) Certified() bool { return d.CAFile != "" || d.CertFile != "" || d.SecretName != "" }

func (d Database) validateCertificates(p *problems) {
	if d.Embedded {
		p.check(!d.Certified(), "database.embedded true excludes database.caFile, database.certFile and database.secretName: the server in the cluster has no certificate; remove them")
		p.check(!d.SSLMode.Verifies(), "database.sslMode %q and database.embedded true exclude each other: the server in the cluster has no certificate, and network policies restrict access to it; remove sslMode", d.SSLMode)
		return
	}
	p.check(d.SecretName == "" || isName(d.SecretName), "database.secretName %q is not a valid name: see `kubectl get secret`", d.SecretName)
	p.check(d.SecretName == "" || d.CAFile == "" && d.CertFile == "",
		"database.secretName %q excludes database.caFile and database.certFile: the Secret has all of them, as ca.crt, tls.crt and tls.key", d.SecretName)
	if d.SSLMode.Verifies() {
		p.check(d.CAFile != "" || d.SecretName != "", "database.sslMode %q needs the authority that has signed the server's certificate: name its file by database.caFile, or a Secret with ca.crt by database.secretName", d.SSLMode)
		return
	}
	p.check(d.CAFile == "", "database.caFile %q has no effect with database.sslMode %q: set sslMode %s", d.CAFile, d.SSLMode, SSLVerifyFull)
	p.check(!d.Certified() || d.SSLMode == SSLRequire || d.CAFile != "",
		"database.sslMode %q may go without TLS, and so without the certificates of database.certFile or database.secretName: set sslMode %s", d.SSLMode, SSLVerifyFull)
}
