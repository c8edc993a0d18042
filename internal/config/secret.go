package config

import (
	"fmt"
	"io"
	"reflect"
	"strings"
)

// Secret is a value that no format verb prints.
type Secret string

const hidden = "[secret]"

// Format hides the value from every verb, also from those that do not fit a string.
//
// A Formatter can't return an error: fmt itself sees the one of what it writes to.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// Reveal gives the value itself, for the one place that hands it to Pulumi as a secret.
func (s Secret) Reveal() string { return string(s) }

// Secrets are set with `pulumi config set --secret KEY`. One that is empty after Load is kept by others (References), or
// is to be generated, but for fallbacks, which may be absent.
type Secrets struct {
	RegistryPassword Secret `mapstructure:"registryPassword"`
	DatabasePassword Secret `mapstructure:"databasePassword"`
	RedisPassword    Secret `mapstructure:"redisPassword"`
	SigningKey       Secret `mapstructure:"signingKey"`  // signs access tokens; at least 32 characters (RFC 7518, section 3.2, for HS256)
	TLSKey           Secret `mapstructure:"tlsKey"`      // PEM; of tls.certFile, else empty
	DatabaseKey      Secret `mapstructure:"databaseKey"` // PEM; of database.certFile, else empty
	// While one is being replaced, the others that are good as well; else empty.
	DatabasePasswordFallback Secret `mapstructure:"databasePasswordFallback"`
	RedisPasswordFallback    Secret `mapstructure:"redisPasswordFallback"`
	SigningKeyFallbacks      Secret `mapstructure:"signingKeyFallbacks"` // separated by spaces
}

// IsSecret reports whether the value of a key of the stack's configuration, e.g. hankki:redisPassword, must be a secret.
func IsSecret(key string) bool {
	name, own := strings.CutPrefix(key, Project+":")
	for field := range reflect.TypeFor[Secrets]().Fields() {
		if own && field.Tag.Get("mapstructure") == name {
			return true
		}
	}
	return false
}

// renderPlaceholder stands for every secret in rendered manifests; it is long enough to be a valid signing key.
const renderPlaceholder = "placeholder-of-a-secret-in-rendered-manifests"
