package config

import (
	"errors"
	"fmt"
	"os"
	"time"

	"hankki/internal/certificate"
)

// Files are the contents of the files that the configuration names; empty if the key is unset. All are public.
type Files struct {
	Certificate         string // tls.certFile
	CertificateEnds     time.Time
	DatabaseCA          string // database.caFile
	DatabaseCertificate string // database.certFile
	BackupCA            string // backup.s3.caFile
}

// LoadFiles reads the certificate files. Its error lists everything wrong with them and with their private keys, one line
// each. A certificate that expires soon adds a warning. Placeholders for secrets in rendered manifests are not checked.
func (c *Config) LoadFiles(now time.Time) error {
	rendered := c.Render.Directory != ""
	key := func(s Secret) string {
		if rendered {
			return ""
		}
		return s.Reveal()
	}
	var errs []error
	for _, file := range []struct {
		key, path string
		into      *string
		check     func(text string) (time.Time, []error)
	}{
		{"tls.certFile", c.TLS.CertFile, &c.Files.Certificate, func(text string) (time.Time, []error) {
			ends, wrong := certificate.CheckServer(text, key(c.Secrets.TLSKey), c.Hosts(), now)
			c.Files.CertificateEnds = ends
			return ends, wrong
		}},
		{"database.caFile", c.Database.CAFile, &c.Files.DatabaseCA, func(text string) (time.Time, []error) {
			return certificate.CheckAuthorities(text, now)
		}},
		{"database.certFile", c.Database.CertFile, &c.Files.DatabaseCertificate, func(text string) (time.Time, []error) {
			return certificate.CheckClient(text, key(c.Secrets.DatabaseKey), now)
		}},
		{"backup.s3.caFile", c.Backup.S3.CAFile, &c.Files.BackupCA, func(text string) (time.Time, []error) {
			return certificate.CheckAuthorities(text, now)
		}},
	} {
		if file.path == "" {
			continue
		}
		text, err := os.ReadFile(file.path)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", file.key, err))
			continue
		}
		*file.into = string(text)
		ends, wrong := file.check(*file.into)
		for _, err := range wrong {
			errs = append(errs, fmt.Errorf("%s %s: %w", file.key, file.path, err))
		}
		if soon := certificate.ExpiryWarning(ends, now); soon != "" {
			c.Warnings = append(c.Warnings, fmt.Sprintf("%s %s %s", file.key, file.path, soon))
		}
	}
	return errors.Join(errs...)
}
