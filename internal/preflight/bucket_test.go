package preflight_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hankki/internal/config"
	"hankki/internal/preflight"
	"hankki/internal/stacktest"
)

// inS3 is a stack with backups in a bucket at the endpoint.
func inS3(endpoint string) *config.Config {
	return &config.Config{
		Backup:  config.Backup{Enabled: true, S3: config.S3{Endpoint: endpoint, Bucket: "backups", Prefix: "hankki", Region: "eu-central-1", AccessKeyID: "AKIDEXAMPLE"}},
		Secrets: config.Secrets{BackupSecretAccessKey: "the-secret-access-key"},
	}
}

// listed is the body of a listing, and failed that of an error.
const (
	listed = `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><KeyCount>0</KeyCount></ListBucketResult>`
	failed = `<?xml version="1.0"?><Error><Code>%s</Code><Message>no</Message></Error>`
)

// answering is a service that answers each listing with the status and the body.
func answering(t *testing.T, scheme string, status int, body string) *system {
	t.Helper()
	return serve(t, scheme, loopback, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sign := r.Header.Get("Authorization")
		if r.Method != http.MethodGet || r.URL.Path != "/backups" || r.URL.Query().Get("prefix") != "hankki/" ||
			!strings.HasPrefix(sign, "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/") || !strings.Contains(sign, "/eu-central-1/s3/aws4_request") {
			t.Errorf("%s %s, signed %s", r.Method, r.URL, sign)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
}

func TestBucketIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		status   int
		body     string
		messages []string
	}{
		"accepted":       {http.StatusOK, listed, nil},
		"another page":   {http.StatusOK, "<html></html>", []string{"status 200 (OK)", "backup.s3.endpoint"}},
		"an empty page":  {http.StatusOK, "", []string{"status 200 (OK)", "backup.s3.endpoint"}},
		"no bucket":      {http.StatusNotFound, fmt.Sprintf(failed, "NoSuchBucket"), []string{`backup.s3.bucket "backups"`, "create it"}},
		"unknown key":    {http.StatusForbidden, fmt.Sprintf(failed, "InvalidAccessKeyId"), []string{`backup.s3.accessKeyId "AKIDEXAMPLE"`, "InvalidAccessKeyId", "backupSecretAccessKey"}},
		"wrong secret":   {http.StatusForbidden, fmt.Sprintf(failed, "SignatureDoesNotMatch"), []string{"SignatureDoesNotMatch", "backupSecretAccessKey"}},
		"no right":       {http.StatusForbidden, fmt.Sprintf(failed, "AccessDenied"), []string{"AccessDenied", "grant ListBucket"}},
		"another region": {http.StatusMovedPermanently, fmt.Sprintf(failed, "PermanentRedirect"), []string{"status 301 (PermanentRedirect)", `backup.s3.region "eu-central-1"`}},
		"no S3":          {http.StatusNotFound, "", []string{"status 404 (Not Found)", "backup.s3.endpoint"}},
	} {
		t.Run(name, func(t *testing.T) {
			service := answering(t, "http", c.status, c.body)
			warnings, err := preflight.Bucket(t.Context(), inS3(service.URL))
			if len(warnings) > 0 {
				t.Errorf("the warnings are %q", warnings)
			}
			if c.messages == nil && err != nil {
				t.Error(err)
			}
			if c.messages != nil {
				stacktest.CheckError(t, err, append(c.messages, service.URL)...)
			}
			if err != nil && strings.Contains(err.Error(), "the-secret-access-key") {
				t.Errorf("the secret is printed: %v", err)
			}
			if got := len(service.requests()); got != 1 {
				t.Errorf("%d requests", got)
			}
		})
	}
}

// An externally managed key is the one that References has read.
func TestBucketIsCheckedWithAReferencedKey(t *testing.T) {
	service := answering(t, "http", http.StatusForbidden, fmt.Sprintf(failed, "AccessDenied"))
	c := inS3(service.URL)
	c.Secrets.BackupSecretAccessKey, c.External = "", map[string]config.Secret{"backupSecretAccessKey": "of-the-vault"}
	_, err := preflight.Bucket(t.Context(), c)
	stacktest.CheckError(t, err, "AccessDenied")
}

func TestCertificateOfTheBucketIsVerified(t *testing.T) {
	service := answering(t, "https", http.StatusOK, listed)
	c := inS3(service.URL)
	_, err := preflight.Bucket(t.Context(), c)
	stacktest.CheckError(t, err, "backup.s3.endpoint "+service.URL, "certificate", "backup.s3.caFile")
	c.Files.BackupCA = stacktest.CertificateOf(service.Server)
	if warnings, err := preflight.Bucket(t.Context(), c); err != nil || len(warnings) > 0 {
		t.Errorf("with its authority: %q, %v", warnings, err)
	}
}

// Pods may reach an endpoint that this machine can't reach.
func TestUnreachableBucketIsAWarning(t *testing.T) {
	service := answering(t, "http", http.StatusOK, listed)
	service.Close()
	warnings, err := preflight.Bucket(t.Context(), inS3(service.URL))
	if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "backup.s3.endpoint "+service.URL+" does not respond") {
		t.Errorf("%q, %v", warnings, err)
	}
}

// A service that is out of order must not stop an up, such as a rollback.
func TestBucketOutOfOrderIsAWarning(t *testing.T) {
	service := answering(t, "http", http.StatusServiceUnavailable, fmt.Sprintf(failed, "SlowDown"))
	warnings, err := preflight.Bucket(t.Context(), inS3(service.URL))
	if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "backup.s3.endpoint "+service.URL+" returned status 503 (SlowDown)") {
		t.Errorf("%q, %v", warnings, err)
	}
}

func TestNoBucketIsNoRequest(t *testing.T) {
	service := answering(t, "http", http.StatusForbidden, fmt.Sprintf(failed, "AccessDenied"))
	off, keyless, claim := inS3(service.URL), inS3(service.URL), inS3(service.URL)
	off.Backup.Enabled, keyless.Secrets.BackupSecretAccessKey, claim.Backup.S3 = false, "", config.S3{}
	for _, c := range []*config.Config{off, keyless, claim} {
		if warnings, err := preflight.Bucket(t.Context(), c); err != nil || len(warnings) > 0 {
			t.Errorf("%q, %v", warnings, err)
		}
	}
	if requests := service.requests(); len(requests) > 0 {
		t.Errorf("requested %q", requests)
	}
}
