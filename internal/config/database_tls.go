package config

// The sslmodes of libpq that verify the server's certificate.
const (
	verifyCA   = "verify-ca"   // the certificate is signed by the authority
	verifyFull = "verify-full" // as verify-ca, and the certificate names database.host
)

// Certified returns whether the connection uses certificates, of the server or of the API.
func (d Database) Certified() bool { return d.CAFile != "" || d.CertFile != "" || d.SecretName != "" }

func (d Database) validateCertificates(p *problems) {
	verifies := d.SSLMode == verifyCA || d.SSLMode == verifyFull
	if d.Embedded {
		p.check(!d.Certified(), "database.embedded true excludes database.caFile, database.certFile and database.secretName: the server in the cluster has no certificate; remove them")
		p.check(!verifies, "database.sslMode %q and database.embedded true exclude each other: the server in the cluster has no certificate, and network policies say who reaches it; remove sslMode", d.SSLMode)
		return
	}
	p.check(d.SecretName == "" || isName(d.SecretName), "database.secretName %q is not a valid name: see `kubectl get secret`", d.SecretName)
	p.check(d.SecretName == "" || d.CAFile == "" && d.CertFile == "",
		"database.secretName %q excludes database.caFile and database.certFile: the Secret has all of them, as ca.crt, tls.crt and tls.key", d.SecretName)
	if verifies {
		p.check(d.CAFile != "" || d.SecretName != "", "database.sslMode %q needs the authority that has signed the server's certificate: name its file by database.caFile, or a Secret with ca.crt by database.secretName", d.SSLMode)
		return
	}
	p.check(d.CAFile == "", "database.caFile %q is not looked at with database.sslMode %q: set sslMode %s", d.CAFile, d.SSLMode, verifyFull)
	p.check(!d.Certified() || d.SSLMode == "require" || d.CAFile != "",
		"database.sslMode %q may go without TLS, and so without the certificates of database.certFile or database.secretName: set sslMode %s", d.SSLMode, verifyFull)
}
