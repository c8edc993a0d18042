package change

import "time"

// inVault replaces the value by a reference to a key of the test's Secret.
func inVault(secret, key string) map[string]string {
	return map[string]string{"secrets." + secret + ".name": "vault", "secrets." + secret + ".key": key, secret: ""}
}

// references are externally managed secrets.
var references = []Row{
	{
		Keys:   []string{"secrets.signingKey.name", "secrets.signingKey.key", "secrets.signingKeyFallbacks.name", "secrets.signingKeyFallbacks.key"},
		Change: "a value → a reference to the same value; another reference",
		Effect: Effect{Rolling: []Tier{API}, Also: "the migration Job runs again"},
		ByHand: "before: remove the value from the configuration (`pulumi config rm`), or the change is refused",
		Try:    &Try{Name: "secrets.signingKey", Stack: "onprem", Prepare: Vault, Set: inVault("signingKey", "jwt")},
	},
	{
		Keys:   []string{"secrets.redisPassword.name", "secrets.redisPassword.key", "secrets.redisPasswordFallback.name", "secrets.redisPasswordFallback.key"},
		Change: "a value → a reference to the same value; another reference",
		Effect: Effect{Rolling: []Tier{API}, Restart: []Tier{Redis}, LogIn: true, Also: "the migration Job runs again; Redis does not restart if password and fallback are swapped"},
		ByHand: "before: remove the value from the configuration (`pulumi config rm`), or the change is refused",
		Try:    &Try{Name: "secrets.redisPassword", Stack: "onprem", Prepare: Vault, Set: inVault("redisPassword", "redis")},
	},
	{
		Keys:   []string{"secrets.databasePassword.name", "secrets.databasePassword.key", "secrets.databasePasswordFallback.name", "secrets.databasePasswordFallback.key"},
		Change: "a value → a reference to the same value; another reference",
		Effect: Effect{Rolling: []Tier{API}, Also: "the migration Job runs again"},
		ByHand: "before: remove the value from the configuration (`pulumi config rm`), or the change is refused",
		Try:    &Try{Name: "secrets.databasePassword", Stack: "onprem", Prepare: Vault, Set: inVault("databasePassword", "postgres")},
	},
	{
		Keys:   []string{"secrets.databasePassword.name", "secrets.databasePassword.key"},
		Change: "a generated value → a reference to the same value, database embedded",
		Effect: Effect{Rolling: []Tier{API}, Restart: []Tier{PostgreSQL}, Gap: 20 * time.Second, GapOf: "responses that are not in the API's cache", Also: "the migration Job runs again"},
		Try:    &Try{Name: "secrets.databasePassword embedded", Stack: "dev", Prepare: VaultOfDev, Set: inVault("databasePassword", "postgres")},
	},
	{
		Keys:   []string{"secrets.signingKey.name", "secrets.signingKey.key"},
		Change: "no change of the key; another value in the Secret",
		Effect: Effect{Rolling: []Tier{API}, Also: "the migration Job runs again; for the other secrets see the rows above"},
		ByHand: "see Externally managed secrets",
		Try:    &Try{Name: "secrets.signingKey another value", Stack: "onprem", Prepare: Vault, Given: inVault("signingKey", "jwt"), Do: VaultChanged, Undo: Vault},
	},
	{
		Keys:   []string{"secrets.registryPassword.name", "secrets.registryPassword.key"},
		Change: "a value → a reference to the same value; another reference",
		Effect: Effect{Measured: "0 of 846", Rolling: allTiers, Restart: []Tier{Redis}, LogIn: true, Also: "after a value all images are built again, which removes the password from the state"},
		ByHand: "before: remove the value from the configuration, and log in to the registry (`docker login`), or the change is refused",
		Try: &Try{Name: "secrets.registryPassword", Stack: "onprem", Prepare: PullSecret, Set: map[string]string{ //nolint:gosec // the name of a Secret
			"secrets.registryPassword.name": "corp-registry", "secrets.registryPassword.key": ".dockerconfigjson", "registryPassword": "",
		}},
	},
	{
		Keys:     []string{"secrets.backupSecretAccessKey.name", "secrets.backupSecretAccessKey.key"},
		Change:   "a value → a reference to the same value; another reference",
		Effect:   Effect{Also: "the CronJob changes"},
		ByHand:   "before: remove the value from the configuration (`pulumi config rm`), or the change is refused",
		NotTried: "the row `backup.s3.endpoint` sets the reference",
	},
	{
		Keys:     []string{"secrets.tlsKey.name", "secrets.tlsKey.key", "secrets.databaseKey.name", "secrets.databaseKey.key"},
		Change:   "a value → a reference to the same value; another reference",
		Effect:   Effect{Rolling: []Tier{API, FrontEnd}, Also: "only `tlsKey` replaces the front end's pods; only `databaseKey` runs the migration Job again"},
		ByHand:   "before: remove the value from the configuration (`pulumi config rm`), or the change is refused; if another system renews certificate and key together, set `tls.secretName` and `database.secretName` to the Secret of both",
		NotTried: "main's tests show that the pods mount another volume; e2e/tls_test.go shows that a renewed key is loaded",
	},
}
