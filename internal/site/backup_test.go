package site

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

// nightly enables a backup onto that store.
func nightly(s settings, store string, value any) settings {
	return s.set("backup", map[string]any{"enabled": true, "schedule": "0 4 * * MON", "timeZone": "Asia/Seoul", "keep": 5, store: value})
}

func TestBackupIsOffByDefault(t *testing.T) {
	for _, stack := range []string{"dev", "onprem"} {
		t.Run(stack, func(t *testing.T) {
			if jobs := shipped(t, stack).deployed(t).all(cronJobType); len(jobs) > 0 {
				t.Errorf("%s is made", jobs[0].urn)
			}
		})
	}
}

// A run never overlaps with the previous one, and starts late rather than not at all.
func TestBackupRunsOnItsSchedule(t *testing.T) {
	e := nightly(shipped(t, "onprem"), "volume", map[string]any{"size": "10Gi", "storageClass": "nfs"}).set("baseImages.postgres", "example.com/postgres:16").deployed(t)
	match(t, e.one(t, cronJobType, "backup"), map[string]any{
		"metadata.name": "backup", "metadata.namespace": "hankki",
		"spec.schedule": "0 4 * * MON", "spec.timeZone": "Asia/Seoul", "spec.concurrencyPolicy": "Forbid",
		"spec.startingDeadlineSeconds":                                              3600,
		"spec.jobTemplate.spec.backoffLimit":                                        2,
		"spec.jobTemplate.spec.activeDeadlineSeconds":                               3600,
		"spec.jobTemplate.spec.template.spec.restartPolicy":                         "Never", // failed pods stay, with the reason
		"spec.jobTemplate.spec.template.spec.containers.0.image":                    "example.com/postgres:16",
		"spec.jobTemplate.spec.template.spec.containers.0.args":                     []any{"take"},
		"spec.jobTemplate.spec.template.spec.containers.0.terminationMessagePolicy": "FallbackToLogsOnError",
	})
	match(t, e.one(t, claimType, "backup"), map[string]any{
		"metadata.name": "backup", "spec.storageClassName": "nfs", "spec.resources.requests.storage": "10Gi",
	})
}

// The dumps are on an existing claim, and the stack creates none.
func TestBackupOnAnExistingClaim(t *testing.T) {
	e := nightly(shipped(t, "onprem"), "claimName", "nfs-backups").deployed(t)
	if claims := e.all(claimType); len(claims) > 0 {
		t.Errorf("%s is made", claims[0].urn)
	}
	match(t, e.one(t, cronJobType, "backup"), map[string]any{"spec.jobTemplate.spec.template.spec.volumes.0.persistentVolumeClaim.claimName": "nfs-backups"})
}

// rclone comes from its own image, and its configuration from variables. No volume is requested.
func TestBackupInS3(t *testing.T) {
	folder := t.TempDir()
	authority := stacktest.Authority(t).Chain
	testfile.Write(t, filepath.Join(folder, "ca.crt"), authority)
	public := shipped(t, "onprem").inS3("https://s3.example.com/").set("baseImages.rclone", "example.com/rclone:1")
	private := shipped(t, "onprem").inS3("https://10.0.0.9:9000").set("backup.s3.caFile", filepath.Join(folder, "ca.crt"))
	const pod = "spec.jobTemplate.spec.template.spec."
	for name, c := range map[string]struct {
		s                             settings
		endpoint, authorities, stored string
		copied                        []any
	}{
		"public authority": {public, "https://s3.example.com", "/run/hankki/rclone/ca-certificates.crt", "", []any{"cp", "/usr/local/bin/rclone", "/etc/ssl/certs/ca-certificates.crt", "/run/hankki/rclone"}},
		"own authority":    {private, "https://10.0.0.9:9000", "/run/hankki/backup/s3.crt", authority, []any{"cp", "/usr/local/bin/rclone", "/run/hankki/rclone"}},
	} {
		t.Run(name, func(t *testing.T) {
			e := c.s.deployed(t)
			if claims := e.all(claimType); len(claims) > 0 {
				t.Errorf("%s is made", claims[0].urn)
			}
			job := e.one(t, cronJobType, "backup")
			match(t, job, map[string]any{
				pod + "initContainers.0.command": c.copied, pod + "initContainers.0.volumeMounts.0.mountPath": "/run/hankki/rclone", pod + "containers.0.args": []any{"take"},
			})
			if name == "public authority" {
				match(t, job, map[string]any{pod + "initContainers.0.image": "example.com/rclone:1"})
			}
			variables := map[string]string{}
			for _, v := range list(job, pod+"containers.0.env") {
				name, _ := at(v, "name").(string)
				variables[name], _ = at(v, "value").(string) // empty if it comes from a Secret
				if key, _ := at(v, "valueFrom.secretKeyRef.key").(string); key != "" {
					variables[name] = "key " + key
				}
			}
			for name, want := range map[string]string{
				"BUCKET": "backups/sites/hankki", "RCLONE_S3_ENDPOINT": c.endpoint, "RCLONE_S3_REGION": "eu-central-1", "RCLONE_S3_ACCESS_KEY_ID": "AKIDEXAMPLE",
				"RCLONE_S3_SECRET_ACCESS_KEY": "key secretAccessKey", "RCLONE_CA_CERT": c.authorities, "RCLONE_S3_NO_CHECK_BUCKET": "true",
			} {
				if variables[name] != want {
					t.Errorf("%s is %q, want %q", name, variables[name], want)
				}
			}
			if got, _ := at(e.one(t, configMapType, "backup").inputs, "data").(map[string]any)["s3.crt"].(string); got != c.stored {
				t.Errorf("the authority in the ConfigMap is %q", got)
			}
			secret := e.one(t, secretType, "backup")
			if got := at(secret.revealed, "stringData.secretAccessKey"); got != bucketSecret {
				t.Errorf("the Secret has %v", got)
			}
		})
	}
	kept := shipped(t, "onprem").inS3("https://s3.example.com").externallyManaged("backupSecretAccessKey", "kEpt-secret").deployed(t)
	fromVault := func(v any) bool {
		return at(v, "name") == "RCLONE_S3_SECRET_ACCESS_KEY" && at(v, "valueFrom.secretKeyRef.name") == "vault"
	}
	if env := list(kept.one(t, cronJobType, "backup"), pod+"containers.0.env"); !slices.ContainsFunc(env, fromVault) {
		t.Errorf("an externally managed key is not among %v", env)
	}
}

// libpq's variables are those of the database, and both passwords of a rotation come from a Secret.
func TestBackupConnectsLikeTheAPI(t *testing.T) {
	onprem := nightly(shipped(t, "onprem").rotating(), "claimName", "nfs").set("database.sslMode", "verify-full").set("database.secretName", "postgres-ca")
	variables := func(s settings) (plain map[string]string, fromSecrets map[string]string) {
		plain, fromSecrets = map[string]string{}, map[string]string{}
		for _, v := range list(s.deployed(t).one(t, cronJobType, "backup"), "spec.jobTemplate.spec.template.spec.containers.0.env") {
			name, _ := at(v, "name").(string)
			plain[name], _ = at(v, "value").(string)
			secret, _ := at(v, "valueFrom.secretKeyRef.name").(string)
			key, _ := at(v, "valueFrom.secretKeyRef.key").(string)
			fromSecrets[name] = secret + "/" + key
		}
		return plain, fromSecrets
	}
	plain, secrets := variables(onprem)
	for name, want := range map[string]string{
		"PGHOST": "10.0.0.2", "PGPORT": "5432", "PGDATABASE": "hankki", "PGUSER": "hankki", "PGSSLMODE": "verify-full", "KEEP": "5",
		"PGSSLROOTCERT": "/run/hankki/database/ca.crt", "PGSSLCERT": "/run/hankki/database/tls.crt", "PGSSLKEY": "/run/hankki/database/tls.key", "PGPASSWORD": "",
	} {
		if plain[name] != want {
			t.Errorf("%s is %q, want %q", name, plain[name], want)
		}
	}
	for name, key := range map[string]string{"PGPASSWORD": "/password", "PASSWORD_FALLBACK": "/fallback"} {
		if !strings.HasPrefix(secrets[name], "backup-") || !strings.HasSuffix(secrets[name], key) {
			t.Errorf("%s comes from %s", name, secrets[name])
		}
	}
	if _, secrets := variables(nightly(shipped(t, "onprem").allExternal(), "claimName", "nfs")); strings.HasPrefix(secrets["PGPASSWORD"], "backup-") {
		t.Errorf("an externally managed password comes from %s", secrets["PGPASSWORD"])
	}
	if plain, _ := variables(nightly(shipped(t, "dev"), "claimName", "nfs")); !strings.HasPrefix(plain["PGHOST"], "postgres.") && plain["PGHOST"] != clusterIP("postgres") {
		t.Errorf("dev's database is %s", plain["PGHOST"])
	}
}
