package change

import "time"

// persistent is a Redis with a volume.
var persistent = map[string]string{"redis.persistence.enabled": "true"}

// backups is a stack with a backup onto a volume.
var backups = map[string]string{"backup.enabled": "true", "backup.volume.size": "1Gi"}

// inBucket is a stack with a backup into a bucket. The host of PostgreSQL refuses the connection at once.
var inBucket = map[string]string{
	"backup.enabled": "true", "backup.s3.endpoint": "https://10.0.1.3:9000", "backup.s3.bucket": "backups", "backup.s3.prefix": "hankki", "backup.s3.accessKeyId": "hankki",
	"secrets.backupSecretAccessKey.name": "vault", "secrets.backupSecretAccessKey.key": "jwt",
}

// stores are the keys of Redis and PostgreSQL.
var stores = []Row{
	{
		Keys: []string{"redis.maxMemory"}, Change: "`128mb` → `256mb`, persistence off",
		Effect: Effect{Restart: []Tier{Redis}, LogIn: true},
		Try:    &Try{Name: "redis.maxMemory", Stack: "onprem", Set: map[string]string{"redis.maxMemory": "256mb"}},
	},
	{
		Keys: []string{"redis.persistence.enabled"}, Change: "off → on",
		Effect: Effect{Measured: "1 of 279 took more than 2 s", Restart: []Tier{Redis}, LogIn: true, Also: "the PersistentVolumeClaim is created; on → off keeps it"},
		ByHand: "after on → off: delete the claim if its data are no longer needed: `kubectl -n hankki delete pvc redis`",
		Try:    &Try{Name: "redis.persistence.enabled", Stack: "onprem", Set: map[string]string{"redis.persistence.enabled": "true"}},
	},
	{
		Keys: []string{"redis.maxMemory"}, Change: "`128mb` → `256mb`, persistence on",
		Effect: Effect{Measured: "0 of 175", Restart: []Tier{Redis}, Also: "logins return 503 for seconds"},
		Try:    &Try{Name: "redis.maxMemory with persistence", Stack: "onprem", Given: persistent, Set: map[string]string{"redis.maxMemory": "256mb"}},
	},
	{
		Keys: []string{"redis.persistence.size", "redis.persistence.storageClass"}, Change: "larger, if the class does not allow expansion; smaller; another class",
		Effect: Effect{Refused: "start with an empty volume"},
		ByHand: "set it back, or follow the error message",
		Try:    &Try{Name: "redis.persistence volume", Stack: "onprem", Given: persistent, Set: map[string]string{"redis.persistence.size": "2Gi"}},
	},
	{
		Keys: []string{"redis.persistence.size", "database.volume.size"}, Change: "larger, if the class allows expansion",
		Effect:   Effect{Also: "the claim grows"},
		NotTried: "the lab's StorageClass has no allowVolumeExpansion",
	},
	{
		Keys: []string{"redis.persistence.size", "redis.persistence.storageClass"}, Change: "another value, persistence off",
		Try: &Try{Name: "redis.persistence values", Stack: "onprem", Set: map[string]string{"redis.persistence.size": "2Gi", "redis.persistence.storageClass": "fast"}},
	},
	{
		Keys: []string{"database.host", "database.port", "database.name", "database.user"}, Change: "another address, name or user of the same data",
		Effect: Effect{Measured: "0 of 308", Rolling: []Tier{API}, Also: "the migration Job runs again"},
		Try:    &Try{Name: "database.host", Stack: "onprem", Prepare: DatabaseAddress, Set: map[string]string{"database.host": "10.0.1.4"}},
	},
	{
		Keys: []string{"database.sslMode"}, Change: "`require` → `prefer`",
		Effect: Effect{Rolling: []Tier{API}, Also: "the migration Job runs again"},
		Try:    &Try{Name: "database.sslMode", Stack: "onprem", Set: map[string]string{"database.sslMode": "prefer"}},
	},
	{
		Keys: []string{"database.embedded"}, Change: "embedded → external, with its data",
		Effect: Effect{Measured: "0 of 350", Rolling: []Tier{API}, Also: "the claim of the embedded database is kept"},
		ByHand: "before: copy the data (`pg_dump --clean --if-exists` in the pod, into `psql` at the server); later writes are not copied. On the way back the kept volume gets the stack's password automatically",
		Try: &Try{Name: "database.embedded", Stack: "dev", Prepare: DatabaseCopied, Set: map[string]string{
			"database.embedded": "false", "database.host": "10.0.1.3",
		}},
	},
	{
		Keys: []string{"database.volume.size", "database.volume.storageClass"}, Change: "larger, if the class does not allow expansion; smaller; another class",
		Effect: Effect{Refused: "start with an empty volume"},
		ByHand: "set it back, or follow the error message",
		Try:    &Try{Name: "database.volume", Stack: "dev", Set: map[string]string{"database.volume.size": "2Gi"}},
	},
	{
		Keys: []string{"baseImages.postgres"}, Change: "another major version",
		Effect: Effect{Refused: "does not read the data"},
		ByHand: "set it back, or follow the error message",
		Try:    &Try{Name: "baseImages.postgres major version", Stack: "dev", Set: map[string]string{"baseImages.postgres": "127.0.0.1:5000/base/postgres:16"}},
	},
	{
		Keys: []string{"baseImages.postgres"}, Change: "another image of the same major version",
		Effect: Effect{Restart: []Tier{PostgreSQL}, Gap: 20 * time.Second, GapOf: "responses that are not in the API's cache"},
		Try:    &Try{Name: "baseImages.postgres", Stack: "dev", Prepare: OtherBaseImages, Set: map[string]string{"baseImages.postgres": "127.0.0.1:5000/base/postgres:changed"}},
	},
	{
		Keys: []string{"backup.enabled", "backup.volume.size", "backup.volume.storageClass"}, Change: "off → on",
		Effect: Effect{Also: "the CronJob and its PersistentVolumeClaim are created; on → off keeps the claim with the dumps"},
		ByHand: "`make backup` for a first dump; after on → off: delete the claim if its dumps are no longer needed: `kubectl -n hankki delete pvc backup`",
		Try:    &Try{Name: "backup", Stack: "onprem", Set: backups},
	},
	{
		Keys: []string{"backup.schedule", "backup.timeZone", "backup.keep"}, Change: "another value",
		Effect: Effect{Also: "the CronJob changes; the next successful backup removes dumps above `keep`"},
		Try: &Try{Name: "backup values", Stack: "onprem", Given: backups, Set: map[string]string{
			"backup.schedule": "0 4 * * *", "backup.timeZone": "Asia/Seoul", "backup.keep": "3",
		}},
	},
	{
		Keys: []string{"backup.claimName"}, Change: "a claim that does not exist",
		Effect: Effect{Refused: "no such PersistentVolumeClaim"},
		ByHand: "set it back, or create the claim",
		Try:    &Try{Name: "backup.claimName", Stack: "onprem", Set: map[string]string{"backup.enabled": "true", "backup.claimName": "nfs"}},
	},
	{
		Keys:   []string{"backup.s3.endpoint", "backup.s3.bucket", "backup.s3.prefix", "backup.s3.region", "backup.s3.accessKeyId", "backup.s3.caFile", "backupSecretAccessKey"},
		Change: "off → on; another value",
		Effect: Effect{Also: "the CronJob, its Secret, its ConfigMap and its network policy change; dumps stay in the bucket"},
		ByHand: "`make backup` for a first dump",
		Try:    &Try{Name: "backup.s3", Stack: "onprem", Prepare: Vault, Set: inBucket},
	},
	{
		Keys: []string{"baseImages.rclone"}, Change: "another image, `backup.s3` on",
		Effect:   Effect{Also: "the CronJob changes"},
		NotTried: "the lab has one version of it; the tests of the program show that the CronJob alone has the image",
	},
	{
		Keys: []string{"backup.volume.size", "backup.volume.storageClass"}, Change: "larger, if the class does not allow expansion; smaller; another class",
		Effect: Effect{Refused: "start with an empty volume"},
		ByHand: "set it back, or follow the error message",
		Try:    &Try{Name: "backup.volume", Stack: "onprem", Given: backups, Set: map[string]string{"backup.volume.size": "2Gi"}},
	},
}
