package site

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/config"
)

// secrets are the stack's secrets for the components. Those that the stack stores are Pulumi secrets: encrypted in the
// state, hidden in output. For externally managed secrets, the state contains only the reference.
type secrets struct {
	registryPassword                            pulumi.StringOutput
	pullSecret                                  string // name of the externally managed Secret with the registry password; empty: the stack's own
	databasePassword, redisPassword, signingKey components.Secret
	tlsKey, databaseKey                         components.Secret // empty without a certificate file
	backupSecretAccessKey                       components.Secret // empty without backups in S3
	// Empty unless a rotation is in progress.
	databasePasswordFallback, redisPasswordFallback, signingKeyFallbacks components.Secret
}

// digestKey is the Stash with the HMAC key of the digests of externally managed secrets.
const digestKey = "digest-key"

// resolveSecrets takes each secret from its reference or from the configuration, or generates it once if config.Load
// allows it to be missing.
func resolveSecrets(ctx *pulumi.Context, cfg *config.Config) (secrets, error) {
	external, err := externalSecrets(ctx, cfg)
	if err != nil {
		return secrets{}, err
	}
	s := secrets{registryPassword: given(cfg.Secrets.RegistryPassword)}
	if r := cfg.References.RegistryPassword; r != nil {
		s.pullSecret = r.Name
	}
	for _, secret := range []struct {
		key   string
		value config.Secret
		stash string // Stash of the generated value; empty: the secret is optional
		into  *components.Secret
	}{
		{"databasePassword", cfg.Secrets.DatabasePassword, "database-password", &s.databasePassword},
		{"redisPassword", cfg.Secrets.RedisPassword, "redis-password", &s.redisPassword},
		{"signingKey", cfg.Secrets.SigningKey, "signing-key", &s.signingKey},
		{"databasePasswordFallback", cfg.Secrets.DatabasePasswordFallback, "", &s.databasePasswordFallback},
		{"redisPasswordFallback", cfg.Secrets.RedisPasswordFallback, "", &s.redisPasswordFallback},
		{"signingKeyFallbacks", cfg.Secrets.SigningKeyFallbacks, "", &s.signingKeyFallbacks},
		{"tlsKey", cfg.Secrets.TLSKey, "", &s.tlsKey},
		{"databaseKey", cfg.Secrets.DatabaseKey, "", &s.databaseKey},
		{"backupSecretAccessKey", cfg.Secrets.BackupSecretAccessKey, "", &s.backupSecretAccessKey},
	} {
		if others, found := external[secret.key]; found {
			secret.into.External = others
			continue
		}
		secret.into.Own = given(secret.value)
		if secret.value != "" || secret.stash == "" {
			continue
		}
		if secret.into.Own, err = components.NewGeneratedSecret(ctx, secret.stash); err != nil {
			return secrets{}, err
		}
	}
	return s, nil
}

// externalSecrets are the externally managed secrets by configuration key. Their values are used only for digests.
func externalSecrets(ctx *pulumi.Context, cfg *config.Config) (map[string]components.External, error) {
	external := map[string]components.External{}
	for _, r := range cfg.References.Given() {
		external[r.Secret] = components.External{Secret: r.Name, Key: r.Key}
	}
	if len(cfg.External) == 0 {
		return external, nil // rendered manifests
	}
	key, err := components.NewGeneratedSecret(ctx, digestKey)
	if err != nil {
		return nil, err
	}
	for secret, value := range cfg.External {
		one := external[secret]
		one.Digest = key.ApplyT(func(key string) string { return components.KeyedDigest(key, value.Reveal()) }).(pulumi.StringOutput)
		external[secret] = one
	}
	return external, nil
}

func given(value config.Secret) pulumi.StringOutput {
	return pulumi.ToSecret(pulumi.String(value.Reveal())).(pulumi.StringOutput)
}
