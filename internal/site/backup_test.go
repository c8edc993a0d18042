package site

import (
	"strings"
	"testing"
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
