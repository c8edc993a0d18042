package change

// secrets are changed by the commands of "Rotate a secret", which e2e/rotation_test.go runs unchanged.
var secrets = []Row{
	{
		Keys: []string{"signingKey", "signingKeyFallbacks"}, Change: "rotated",
		Effect: Effect{Rolling: []Tier{API}, Also: "in each of the three ups; the migration Job runs again"}, ByHand: "see Rotate a secret",
		NotTried: "e2e/rotation_test.go makes the change",
	},
	{
		Keys: []string{"redisPassword", "redisPasswordFallback"}, Change: "rotated",
		Effect: Effect{Rolling: []Tier{API}, Restart: []Tier{Redis}, LogIn: true, Also: "Redis restarts in the first and the last of the three ups"}, ByHand: "see Rotate a secret",
		NotTried: "e2e/rotation_test.go makes the change, with persistence, which keeps the sessions",
	},
	{
		Keys: []string{"databasePassword", "databasePasswordFallback"}, Change: "rotated",
		Effect: Effect{Rolling: []Tier{API}, Also: "in each of the three ups; the migration Job runs again"}, ByHand: "see Rotate a secret",
		NotTried: "e2e/rotation_test.go makes the change",
	},
	{
		Keys: []string{"registryPassword"}, Change: "another password",
		Effect: Effect{Also: "the pull Secret changes"}, ByHand: "before: change the password in the registry",
		NotTried: "e2e/registry_password_test.go makes the change",
	},
}
