package config

import (
	"crypto/sha256"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strings"
)

// Secret is a value that no format verb prints.
type Secret string

const hidden = "[secret]"

// Format hides the value from every verb, including verbs that do not apply to strings.
//
// A Formatter cannot return an error; fmt handles the writer's errors.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// Reveal returns the value, for the one place that passes it to Pulumi as a secret.
func (s Secret) Reveal() string { return string(s) }

// Secrets are set with `pulumi config set --secret KEY`. A secret that is empty after Load is externally managed
// (References) or will be generated. An empty fallback is absent.
type Secrets struct {
	RegistryPassword Secret `mapstructure:"registryPassword"`
	DatabasePassword Secret `mapstructure:"databasePassword"`
	RedisPassword    Secret `mapstructure:"redisPassword"`
	SigningKey       Secret `mapstructure:"signingKey"`  // signs access tokens; at least 32 characters (RFC 7518, section 3.2, for HS256)
	TLSKey           Secret `mapstructure:"tlsKey"`      // PEM; key of tls.certFile, otherwise empty
	DatabaseKey      Secret `mapstructure:"databaseKey"` // PEM; key of database.certFile, otherwise empty
	// BackupSecretAccessKey belongs to backup.s3.accessKeyId; without backup.s3 it is empty.
	BackupSecretAccessKey Secret `mapstructure:"backupSecretAccessKey"`
	// Second valid values during a rotation; otherwise empty.
	DatabasePasswordFallback Secret `mapstructure:"databasePasswordFallback"`
	RedisPasswordFallback    Secret `mapstructure:"redisPasswordFallback"`
	SigningKeyFallbacks      Secret `mapstructure:"signingKeyFallbacks"` // separated by spaces
}

// IsSecret reports whether the value of a configuration key, e.g. hankki:redisPassword, must be a secret.
func IsSecret(key string) bool {
	name, own := strings.CutPrefix(key, Project+":")
	for field := range reflect.TypeFor[Secrets]().Fields() {
		if own && field.Tag.Get("mapstructure") == name {
			return true
		}
	}
	return false
}

// renderPlaceholder replaces every secret in rendered manifests. It is long enough for a valid signing key.
const renderPlaceholder = "placeholder-of-a-secret-in-rendered-manifests"

// Placeholder returns a value that stands for a secret of the stack's file in rendered manifests. It depends on the ciphertext and
// not on the value: manifests of a changed secret differ, and do not help to guess it.
func Placeholder(ciphertext string) string {
	return fmt.Sprintf("%s-%.8x", renderPlaceholder, sha256.Sum256([]byte(ciphertext)))
}

// ofCiphertext matches the results of Placeholder.
var ofCiphertext = regexp.MustCompile("^" + renderPlaceholder + "-[0-9a-f]{16}$")
