package config_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

// bucket returns the key backup.s3, with the changes.
func bucket(changes map[string]any) map[string]any {
	s3 := map[string]any{"endpoint": "https://s3.example.com", "bucket": "backups", "prefix": "hankki", "accessKeyId": "AKIDEXAMPLE"}
	maps.Copy(s3, changes)
	return s3
}

// inS3 is a stack with backups in S3.
func inS3(changes map[string]any) settings {
	return valid().encrypt("backupSecretAccessKey", "key").set("backup", map[string]any{"enabled": true, "s3": bucket(changes)})
}

func TestInvalidBucketIsRejected(t *testing.T) {
	for name, c := range map[string]struct {
		s        settings
		messages []string
	}{
		"no scheme":               {inS3(map[string]any{"endpoint": "s3.example.com"}), []string{`backup.s3.endpoint "s3.example.com"`, "https://host"}},
		"endpoint with a bucket":  {inS3(map[string]any{"endpoint": "https://s3.example.com/hankki"}), []string{`backup.s3.endpoint "https://s3.example.com/hankki"`, "without the bucket"}},
		"endpoint with a user":    {inS3(map[string]any{"endpoint": "https://key@s3.example.com"}), []string{`"…@s3.example.com"`, "https://host"}},
		"endpoint with a secret":  {inS3(map[string]any{"endpoint": "https://key:s3cr/et+@s3.example.com"}), []string{`"…@s3.example.com"`, "https://host"}},
		"address of the API":      {inS3(map[string]any{"endpoint": "http://10.0.0.3:9000"}), []string{"backend.loadBalancerIP 10.0.0.3 is also backup.s3.endpoint"}},
		"port out of range":       {inS3(map[string]any{"endpoint": "https://s3.example.com:99999"}), []string{"backup.s3.endpoint", "https://host"}},
		"invalid bucket":          {inS3(map[string]any{"bucket": "My_Bucket"}), []string{`backup.s3.bucket "My_Bucket"`, "lower-case"}},
		"no prefix":               {inS3(map[string]any{"prefix": ""}), []string{`backup.s3.prefix ""`, "stacks must not share it"}},
		"prefix outside":          {inS3(map[string]any{"prefix": "../other"}), []string{`backup.s3.prefix "../other"`}},
		"invalid region":          {inS3(map[string]any{"region": "Frankfurt am Main"}), []string{`backup.s3.region "Frankfurt am Main"`, "eu-central-1"}},
		"no access key":           {inS3(map[string]any{"accessKeyId": ""}), []string{`backup.s3.accessKeyId ""`, "hankki:backupSecretAccessKey"}},
		"authority of plain http": {inS3(map[string]any{"endpoint": "http://10.0.0.9:9000", "caFile": "ca.crt"}), []string{`backup.s3.caFile "ca.crt"`, "plain http"}},
		"secret in the object":    {inS3(map[string]any{"secretAccessKey": "x"}), []string{"backup.s3.secretAccessKey is unknown", "accessKeyId"}},
		"two stores":              {inS3(nil).set("backup.claimName", "nfs"), []string{"backup.claimName and backup.s3 exclude each other"}},
	} {
		t.Run(name, func(t *testing.T) {
			if lines := errorLines(t, c.s); len(lines) != 1 || !names(lines[0], c.messages...) {
				t.Errorf("want one line that names all of %q, got:\n%s", c.messages, strings.Join(lines, "\n"))
			}
		})
	}
}

func TestAllMistakesOfABucketAreListed(t *testing.T) {
	s := valid().set("backup", map[string]any{"enabled": true, "claimName": "nfs", "s3": map[string]any{"region": "Frankfurt am Main"}})
	lines := errorLines(t, s)
	text := strings.Join(lines, "\n")
	for _, says := range []string{"backupSecretAccessKey is missing", "exclude each other", "backup.s3.endpoint", "backup.s3.bucket", "backup.s3.prefix", "backup.s3.region", "backup.s3.accessKeyId"} {
		if strings.Count(text, says+" ") != 1 && !strings.Contains(text, says+":") {
			t.Errorf("no line says %q", says)
		}
	}
	if len(lines) != 7 {
		t.Errorf("want 7 lines, got:\n%s", text)
	}
}

func TestAddressOfABucket(t *testing.T) {
	for endpoint, want := range map[string]struct {
		host string
		port int
	}{
		"https://s3.example.com": {"s3.example.com", 443}, "http://10.0.0.9/": {"10.0.0.9", 80}, "https://[fd00::9]:9000": {"fd00::9", 9000},
	} {
		c := load(t, inS3(map[string]any{"endpoint": endpoint}))
		if host, port := c.Backup.S3.Address(); host != want.host || port != want.port {
			t.Errorf("%s is %s and %d", endpoint, host, port)
		}
		if strings.HasSuffix(c.Backup.S3.Endpoint, "/") || c.Backup.S3.Region != "us-east-1" {
			t.Errorf("%+v", c.Backup.S3)
		}
	}
}

func TestUnencryptedBucketIsReported(t *testing.T) {
	c := load(t, inS3(map[string]any{"endpoint": "http://10.0.0.9:9000"}))
	if len(c.Warnings) != 1 || !names(c.Warnings[0], "backup.s3.endpoint http://10.0.0.9:9000", "without encryption") {
		t.Errorf("the warnings are %q", c.Warnings)
	}
	if c := load(t, inS3(nil)); len(c.Warnings) > 0 {
		t.Errorf("with https the warnings are %q", c.Warnings)
	}
}

func TestAuthorityOfABucketIsRead(t *testing.T) {
	t.Chdir(t.TempDir())
	authority := stacktest.Authority(t).Chain
	testfile.Write(t, "ca.crt", authority)
	testfile.Write(t, "none.crt", "no certificate")
	c := load(t, inS3(map[string]any{"caFile": "ca.crt"}))
	if err := c.LoadFiles(time.Now()); err != nil || c.Files.BackupCA != authority {
		t.Errorf("the error is %v, and %d bytes are read", err, len(c.Files.BackupCA))
	}
	for _, file := range []string{"none.crt", "missing.crt"} {
		c := load(t, inS3(map[string]any{"caFile": file}))
		if err := c.LoadFiles(time.Now()); err == nil || !names(err.Error(), "backup.s3.caFile", file) {
			t.Errorf("%s: the error is %v", file, err)
		}
	}
}
