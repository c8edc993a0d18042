package config

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"hankki/internal/certificate"
)

// Files are the contents of the files that the configuration names; empty if the key is unset. All are public.
type Files struct {
	Certificate         string // tls.certFile
	DatabaseCA          string // database.caFile
	DatabaseCertificate string // database.certFile
	BackupCA            string // backup.s3.caFile
}

// LoadFiles reads the certificate files. Its error lists everything wrong with them and with their private keys, one line
// each. Its warnings are added to those of the configuration. Placeholders for secrets in rendered manifests are not checked.
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
		check     func(text string) certificate.Findings
	}{
		{"tls.certFile", c.TLS.CertFile, &c.Files.Certificate, func(text string) certificate.Findings {
			return certificate.CheckServer(text, key(c.Secrets.TLSKey), c.Hosts(), now)
		}},
		{"database.caFile", c.Database.CAFile, &c.Files.DatabaseCA, func(text string) certificate.Findings {
			return certificate.CheckAuthorities(text, now)
		}},
		{"database.certFile", c.Database.CertFile, &c.Files.DatabaseCertificate, func(text string) certificate.Findings {
			return certificate.CheckClient(text, key(c.Secrets.DatabaseKey), now)
		}},
		{"backup.s3.caFile", c.Backup.S3.CAFile, &c.Files.BackupCA, func(text string) certificate.Findings {
			return certificate.CheckAuthorities(text, now)
		}},
	} {
		if file.path == "" {
			continue
		}
		text, err := ReadFile(file.key, file.path)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		*file.into = text
		found := file.check(*file.into)
		for _, err := range found.Errors {
			errs = append(errs, fmt.Errorf("%s %s: %w", file.key, file.path, err))
		}
		for _, warning := range found.Warnings {
			c.Warnings = append(c.Warnings, fmt.Sprintf("%s %s %s", file.key, file.path, warning))
		}
	}
	return errors.Join(errs...)
}

// ReadFile reads the file that the configuration key names. Its error names the key, and the path unless that is the content of a
// PEM file, possibly a private key.
func ReadFile(key, path string) (string, error) {
	if strings.Contains(path, "-----BEGIN") {
		return "", fmt.Errorf("%s is the content of a file, not its path: write it to a file, and set the path", key)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	return string(text), nil
}
