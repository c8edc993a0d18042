package site

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/config"
)

// secrets are the stack's secrets as the components want them. Those of its own are Pulumi's: encrypted in the state, hidden in every
// output. Of those that others keep, the state has where they are.
type secrets struct {
	registryPassword                            pulumi.StringOutput
	databasePassword, redisPassword, signingKey components.Secret
	tlsKey, databaseKey                         components.Secret // empty without a certificate in a file
	// may be empty
	databasePasswordFallback, redisPasswordFallback, signingKeyFallbacks components.Secret
}

// digestKey is the Stash with the key of the digests by which pods follow what others keep.
const digestKey = "digest-key"

// resolveSecrets takes each secret from where others keep it or from the configuration, or makes it up once where config.Load let it
// be absent.
func resolveSecrets(ctx *pulumi.Context, cfg *config.Config) (secrets, error) {
	kept, err := keptSecrets(ctx, cfg)
	if err != nil {
		return secrets{}, err
	}
	s := secrets{registryPassword: given(cfg.Secrets.RegistryPassword)}
	for _, secret := range []struct {
		key   string
		value config.Secret
		stash string // where it is made up if it has no value; empty: it may be empty
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
	} {
		if others, found := kept[secret.key]; found {
			secret.into.Kept = others
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

// keptSecrets are those that others keep, by their key of the configuration. Their values go no further than into a digest.
func keptSecrets(ctx *pulumi.Context, cfg *config.Config) (map[string]components.Kept, error) {
	kept := map[string]components.Kept{}
	for _, r := range cfg.References.Given() {
		kept[r.Secret] = components.Kept{Secret: r.Name, Key: r.Key}
	}
	if len(cfg.Kept) == 0 {
		return kept, nil // rendered manifests
	}
	key, err := components.NewGeneratedSecret(ctx, digestKey)
	if err != nil {
		return nil, err
	}
	for secret, value := range cfg.Kept {
		one := kept[secret]
		one.Digest = key.ApplyT(func(key string) string { return components.KeyedDigest(key, value.Reveal()) }).(pulumi.StringOutput)
		kept[secret] = one
	}
	return kept, nil
}

func given(value config.Secret) pulumi.StringOutput {
	return pulumi.ToSecret(pulumi.String(value.Reveal())).(pulumi.StringOutput)
}
