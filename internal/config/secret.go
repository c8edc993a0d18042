package config

import (
	"fmt"
	"io"
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
	RegistryPassword Secret
	DatabasePassword Secret
	RedisPassword    Secret
	SigningKey       Secret // signs access tokens; at least 32 characters (RFC 7518, section 3.2, for HS256)
	TLSKey           Secret // PEM; of tls.certFile, else empty
	DatabaseKey      Secret // PEM; of database.certFile, else empty
	// While one is being replaced, the others that are good as well; else empty.
	DatabasePasswordFallback Secret
	RedisPasswordFallback    Secret
	SigningKeyFallbacks      Secret // separated by spaces
}

// renderPlaceholder stands for every secret in rendered manifests; it is long enough to be a valid signing key.
const renderPlaceholder = "placeholder-of-a-secret-in-rendered-manifests"
