package config

import (
	"cmp"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// S3 is a bucket of an S3 service, as the store of the dumps. Its secret access key is the secret backupSecretAccessKey.
type S3 struct {
	Endpoint    string `mapstructure:"endpoint"`    // URL of the service, https://host[:port]; http:// does not encrypt the dumps
	Bucket      string `mapstructure:"bucket"`      // it must exist
	Prefix      string `mapstructure:"prefix"`      // path in the bucket, of this stack alone: a backup removes old dumps below it
	Region      string `mapstructure:"region"`      // in the signatures of requests; default: us-east-1
	AccessKeyID string `mapstructure:"accessKeyId"` // of a user that may list the bucket, and get, put and delete objects
	CAFile      string `mapstructure:"caFile"`      // PEM file of the endpoint's private certificate authority; empty: public authorities
}

const (
	backupSecretKey = "backupSecretAccessKey" // configuration key of Secrets.BackupSecretAccessKey
	defaultRegion   = "us-east-1"
)

var (
	bucketName   = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	bucketPrefix = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$`)
	regionName   = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	accessKeyID  = regexp.MustCompile(`^[!-~]+$`)
)

// InS3 reports whether the stack stores dumps in S3.
func (b Backup) InS3() bool { return b.Enabled && b.S3 != S3{} }

// Address returns host and port of the endpoint; an IPv6 address has no brackets. It returns "" and 0 if the endpoint is more than
// scheme, host and optional port.
func (s S3) Address() (host string, port int) {
	u, err := url.Parse(s.Endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || s.Endpoint != u.Scheme+"://"+u.Host {
		return "", 0
	}
	port, _ = strconv.Atoi(cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])) // 0 if it is too large: refused below
	if !isServerName(u.Hostname()) || port < 1 || port > 65535 {
		return "", 0
	}
	return u.Hostname(), port
}

// Encrypted reports whether requests use TLS.
func (s S3) Encrypted() bool { return strings.HasPrefix(s.Endpoint, "https://") }

// shown is the endpoint without a user and a password, for messages. A secret access key may have characters that no URL may have.
func (s S3) shown() string {
	if at := strings.LastIndex(s.Endpoint, "@"); at >= 0 {
		return "…" + s.Endpoint[at:]
	}
	return s.Endpoint
}

// completed sets the default region, and removes the slash at the end of the endpoint. The zero value, no bucket, is unchanged.
func (s S3) completed() S3 {
	if s == (S3{}) {
		return s
	}
	s.Endpoint, s.Region = strings.TrimSuffix(s.Endpoint, "/"), cmp.Or(s.Region, defaultRegion)
	return s
}

func (s S3) validate(p *problems) {
	host, _ := s.Address()
	p.check(host != "", "backup.s3.endpoint %q is not the URL of an S3 service: write https://host or https://host:port, without the bucket", s.shown())
	p.check(bucketName.MatchString(s.Bucket), "backup.s3.bucket %q is not a bucket: use 3 to 63 lower-case letters, digits, dots and -", s.Bucket)
	p.check(bucketPrefix.MatchString(s.Prefix), "backup.s3.prefix %q is not a path of this stack in the bucket: write it like hankki or sites/hankki; a backup removes old dumps below it, so stacks must not share it", s.Prefix)
	p.check(regionName.MatchString(s.Region), "backup.s3.region %q is not a region: write it like eu-central-1", s.Region)
	p.check(accessKeyID.MatchString(s.AccessKeyID), "backup.s3.accessKeyId %q is not an access key ID: create an access key for the backups; its secret part is hankki:%s", s.AccessKeyID, backupSecretKey)
	p.check(s.CAFile == "" || s.Encrypted(), "backup.s3.caFile %q has no effect with the endpoint %q: plain http has no certificate", s.CAFile, s.shown())
}
