package change

import "time"

// inVault is a reference to a key of the Secret that the test keeps, in place of the value.
func inVault(secret, key string) map[string]string {
	return map[string]string{"secrets." + secret + ".name": "vault", "secrets." + secret + ".key": key, secret: ""}
}

// references are secrets that others keep in the cluster.
var references = []Row{
	{
		Keys:   []string{"secrets.signingKey.name", "secrets.signingKey.key", "secrets.signingKeyFallbacks.name", "secrets.signingKeyFallbacks.key"},
		Change: "a value → the same, kept by others; another reference",
		Effect: Effect{Rolling: []Tier{API}, Also: "the release Job runs again"},
		ByHand: "remove the value from the configuration (`pulumi config rm`), or the change is refused",
		Try:    &Try{Name: "secrets.signingKey", Stack: "onprem", Prepare: "vault", Set: inVault("signingKey", "jwt")},
	},
	{
		Keys:   []string{"secrets.redisPassword.name", "secrets.redisPassword.key", "secrets.redisPasswordFallback.name", "secrets.redisPasswordFallback.key"},
		Change: "a value → the same, kept by others; another reference",
		Effect: Effect{Rolling: []Tier{API}, Restart: []Tier{Redis}, LogIn: true, Also: "the release Job runs again; where password and fallback change places, Redis does not restart"},
		ByHand: "as above",
		Try:    &Try{Name: "secrets.redisPassword", Stack: "onprem", Prepare: "vault", Set: inVault("redisPassword", "redis")},
	},
	{
		Keys:   []string{"secrets.databasePassword.name", "secrets.databasePassword.key", "secrets.databasePasswordFallback.name", "secrets.databasePasswordFallback.key"},
		Change: "a value → the same, kept by others; another reference",
		Effect: Effect{Rolling: []Tier{API}, Also: "the release Job runs again"},
		ByHand: "as above",
		Try:    &Try{Name: "secrets.databasePassword", Stack: "onprem", Prepare: "vault", Set: inVault("databasePassword", "postgres")},
	},
	{
		Keys:   []string{"secrets.databasePassword.name", "secrets.databasePassword.key"},
		Change: "a generated value → the same, kept by others, database embedded",
		Effect: Effect{Rolling: []Tier{API}, Restart: []Tier{PostgreSQL}, Gap: 20 * time.Second, GapOf: "what the API has not in its cache", Also: "the release Job runs again"},
		Try:    &Try{Name: "secrets.databasePassword embedded", Stack: "dev", Prepare: "vault of dev", Set: inVault("databasePassword", "postgres")},
	},
	{
		Keys:   []string{"secrets.signingKey.name", "secrets.signingKey.key"},
		Change: "none; the value in the Secret is another one",
		Effect: Effect{Rolling: []Tier{API}, Also: "the release Job runs again; of the other secrets as in the rows above"},
		ByHand: "see Secrets that others keep",
		Try:    &Try{Name: "secrets.signingKey another value", Stack: "onprem", Prepare: "vault", Given: inVault("signingKey", "jwt"), Do: "vault changed", Undo: "vault"},
	},
	{
		Keys:     []string{"secrets.tlsKey.name", "secrets.tlsKey.key", "secrets.databaseKey.name", "secrets.databaseKey.key"},
		Change:   "a value → the same, kept by others; another reference",
		Effect:   Effect{Rolling: []Tier{API, FrontEnd}, Also: "the front end follows `tlsKey` alone, and the release Job `databaseKey` alone"},
		ByHand:   "as above; where another system renews certificate and key together, `tls.secretName` and `database.secretName` name the Secret of both",
		NotTried: "main's tests show that the pods mount another volume; e2e/tls_test.go shows that a renewed key is loaded",
	},
}
