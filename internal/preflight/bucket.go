package preflight

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"hankki/internal/config"
)

// bucketTimeout bounds the check of the bucket, so that an endpoint that drops packets leaves time for the other checks.
const bucketTimeout = 5 * time.Second

// Bucket checks that the bucket of the backups exists and that its access key may list it. It runs after References, which reads an
// externally managed key. An endpoint that this machine can't reach is a warning, because only pods have to reach it. No message
// contains the secret access key.
func Bucket(ctx context.Context, c *config.Config) (warnings []string, err error) {
	s3 := c.Backup.S3
	secret := cmp.Or(c.Secrets.BackupSecretAccessKey, c.External["backupSecretAccessKey"])
	if host, _ := s3.Address(); !c.Backup.InS3() || host == "" || s3.Bucket == "" || s3.AccessKeyID == "" || secret == "" {
		return nil, nil // rejected by package config
	}
	ctx, cancel := context.WithTimeout(ctx, bucketTimeout)
	defer cancel()
	status, code, err := listing(ctx, s3, secret, c.Files.BackupCA)
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted):
		return nil, fmt.Errorf("backup.s3.endpoint %s: its certificate is not valid: %w; correct the endpoint, or name its certificate authority by backup.s3.caFile", s3.Endpoint, untrusted.Err)
	case err != nil: // a warning, because pods may reach it
		return []string{fmt.Sprintf("backup.s3.endpoint %s does not respond to this machine, so the bucket and the access key are not checked; `make backup` shows whether the pods reach it (%v)", s3.Endpoint, err)}, nil
	case status >= http.StatusInternalServerError:
		return []string{fmt.Sprintf("backup.s3.endpoint %s returned status %d (%s), so the bucket and the access key are not checked; `make backup` shows whether backups work", s3.Endpoint, status, code)}, nil
	default:
		return nil, refusal(s3, status, code)
	}
}

// refusal returns the error for a listing with that status and code; nil if it succeeded.
func refusal(s3 config.S3, status int, code string) error {
	switch {
	case status == http.StatusOK && code == "":
		return nil
	case code == "NoSuchBucket":
		return fmt.Errorf("backup.s3.bucket %q: the service at %s has no such bucket: create it there first", s3.Bucket, s3.Endpoint)
	case status == http.StatusForbidden:
		return fmt.Errorf("backup.s3.accessKeyId %q: the service at %s does not allow it to list the bucket %q (%s): correct it and the secret backupSecretAccessKey, or grant ListBucket, GetObject, PutObject and DeleteObject",
			s3.AccessKeyID, s3.Endpoint, s3.Bucket, code)
	default:
		return fmt.Errorf("backup.s3: the service at %s answered the listing of the bucket %q with status %d (%s): check backup.s3.endpoint and backup.s3.region %q", s3.Endpoint, s3.Bucket, status, code, s3.Region)
	}
}

// listing requests one object below the prefix (ListObjectsV2). It returns the status, and S3's code for an error; for a response that
// is not S3's, the code is the name of the status.
func listing(ctx context.Context, s config.S3, secret config.Secret, authorities string) (status int, code string, err error) {
	query := url.Values{"list-type": {"2"}, "max-keys": {"1"}, "prefix": {s.Prefix + "/"}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Endpoint+"/"+s.Bucket+"?"+query.Encode(), nil)
	if err != nil {
		return 0, "", fmt.Errorf("request: %w", err)
	}
	empty := sha256.Sum256(nil)
	body := hex.EncodeToString(empty[:])
	request.Header.Set("X-Amz-Content-Sha256", body)
	credentials := aws.Credentials{AccessKeyID: s.AccessKeyID, SecretAccessKey: secret.Reveal()}
	if err := signer.NewSigner().SignHTTP(ctx, credentials, request, body, "s3", s.Region, time.Now()); err != nil {
		return 0, "", fmt.Errorf("signature: %w", err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	defer transport.CloseIdleConnections()
	if authorities != "" {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM([]byte(authorities))
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	client := http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return 0, "", err //nolint:wrapcheck // it names the method and the URL
	}
	defer response.Body.Close()
	var answer struct {
		XMLName xml.Name
		Code    string `xml:"Code"`
	}
	if err := xml.NewDecoder(io.LimitReader(response.Body, 64<<10)).Decode(&answer); err == nil && (answer.Code != "" || answer.XMLName.Local == "ListBucketResult") {
		return response.StatusCode, answer.Code, nil
	}
	return response.StatusCode, http.StatusText(response.StatusCode), nil
}
