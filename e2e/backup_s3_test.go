package e2e

import (
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// s3Endpoint is the service of the lab's add-on s3. This machine does not reach it; pods do.
const s3Endpoint = "https://s3.s3.svc:9000"

// TestBackupInS3 backs dev up into a bucket of the lab's S3 service, over HTTPS with a private authority, and restores a dump from it.
// Wrong keys, a missing bucket and a denied connection are reported.
func TestBackupInS3(t *testing.T) {
	l := runningLab(t)
	l.lab(t, "add", "s3")
	folder := t.TempDir()
	ca := filepath.Join(folder, "s3.crt")
	if err := os.WriteFile(ca, l.s3Secret(t, "tls.crt"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := stage(t, l, "dev", "hankki:backup.enabled=true", "hankki:backup.keep=2", "hankki:backup.s3.endpoint="+s3Endpoint, "hankki:backup.s3.bucket=backups",
		"hankki:backup.s3.prefix=sites/dev", "hankki:backup.s3.accessKeyId=hankki-backup", "hankki:backup.s3.caFile="+ca)
	s.secrets = map[string]string{"hankki:backupSecretAccessKey": string(l.s3Secret(t, "secretAccessKey"))}
	s.setSecrets(t)
	out := io.Writer(os.Stdout)
	s.destroyAtEnd(t, l, new(bool))
	step := stepsOf(t)
	var c, late *cook
	var taken dump

	step("only the newest dumps stay in the bucket", func(t *testing.T) {
		var printed strings.Builder
		s.up(t, io.MultiWriter(&printed, out))
		expectOutput(t, printed.String(), "backup.s3.endpoint "+s3Endpoint+" does not respond to this machine")
		c = signUpAt(t, l, siteURL)
		c.jar = filepath.Join(folder, "cookies")
		oldest, kept := s.backUp(t), s.backUp(t)
		taken = s.backUp(t)
		listed := s.run(t, "backups")
		expectOutput(t, listed, kept.Name, taken.Name)
		objects := l.kubectl(t, "exec", "-n", "s3", "deployment/s3", "--", "ls", "/data/backups/sites/dev")
		expectOutput(t, objects, kept.Name+".dump", kept.Name+".json", taken.Name+".dump", taken.Name+".json")
		if strings.Contains(listed+objects, oldest.Name) {
			t.Errorf("the oldest is still there:\n%s\n%s", listed, objects)
		}
		if claims := l.kubectl(t, "get", "pvc", "-n", "hankki", "-o", "name"); strings.Contains(claims, "backup") {
			t.Errorf("a claim is created: %s", claims)
		}
	})
	step("a dump in the bucket is restored into a new database", func(t *testing.T) {
		late = signUpAt(t, l, siteURL)
		late.jar = filepath.Join(folder, "cookies-late")
		expectOutput(t, s.run(t, "restore", "--from", taken.Name, "--yes"), "uses the database hankki_restored_")
		eventually(t, time.Minute, func() string { return unless(c.logIn(t), "200") })
		if code := late.logIn(t); code != "401" {
			t.Errorf("the account after the dump is answered with %s", code)
		}
	})
	step("a copied dump returns into the bucket", func(t *testing.T) {
		s.run(t, "backups", "--copy", taken.Name, "--to", folder)
		l.kubectl(t, "exec", "-n", "s3", "deployment/s3", "--", "rm", "-r", "/data/backups/sites")
		expectOutput(t, s.run(t, "restore", "--from", filepath.Join(folder, taken.Name+".dump"), "--to", "hankki_returned", "--yes"), "uses the database hankki_returned")
		expectOutput(t, s.run(t, "backups"), taken.Name)
	})
	step("an unusable bucket is reported", func(t *testing.T) {
		s.set(t, "backup.s3.bucket", "missing")
		s.up(t, out)
		expectOutput(t, s.fails(t, "backup"), "the backup failed", "bucket missing path sites/dev: error reading source root directory: directory not found", "S3 at "+s3Endpoint+", bucket missing/sites/dev")
		s.set(t, "backup.s3.bucket", "backups")
		s.set(t, "backup.s3.accessKeyId", "another")
		s.up(t, out)
		expectOutput(t, s.fails(t, "backup"), "the backup failed", "403")
	})
}

// s3Secret returns a value of the add-on's Secret.
func (l lab) s3Secret(t *testing.T, key string) []byte {
	t.Helper()
	value, err := base64.StdEncoding.DecodeString(l.kubectl(t, "get", "secret", "-n", "s3", "s3", "-o", "jsonpath={.data."+strings.ReplaceAll(key, ".", `\.`)+"}"))
	if err != nil || len(value) == 0 {
		t.Fatalf("Secret s3/s3 has no %s: %v", key, err)
	}
	return value
}
