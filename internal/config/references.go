package config

import (
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// References name the Kubernetes Secret of each externally managed secret. A secret with a reference has no value in the
// configuration or the state.
type References struct {
	// RegistryPassword is the key .dockerconfigjson of the Secret that nodes pull with. With it, this machine uses the registry
	// with the credentials of `docker login`.
	RegistryPassword         *Reference `mapstructure:"registryPassword"`
	DatabasePassword         *Reference `mapstructure:"databasePassword"`
	DatabasePasswordFallback *Reference `mapstructure:"databasePasswordFallback"`
	RedisPassword            *Reference `mapstructure:"redisPassword"`
	RedisPasswordFallback    *Reference `mapstructure:"redisPasswordFallback"`
	SigningKey               *Reference `mapstructure:"signingKey"`
	SigningKeyFallbacks      *Reference `mapstructure:"signingKeyFallbacks"`
	TLSKey                   *Reference `mapstructure:"tlsKey"`
	DatabaseKey              *Reference `mapstructure:"databaseKey"`
	BackupSecretAccessKey    *Reference `mapstructure:"backupSecretAccessKey"`
}

// Reference is one key of an externally managed Secret in the stack's namespace.
type Reference struct {
	Name string `mapstructure:"name"` // of the Secret
	Key  string `mapstructure:"key"`  // of its data
}

// SecretReference is a reference and its secret.
type SecretReference struct {
	Secret string // configuration key of the secret, e.g. databasePassword
	Reference
}

const (
	referencesKey       = "secrets"          // configuration key of the References
	registryPasswordKey = "registryPassword" // configuration key of Secrets.RegistryPassword
)

// IsPullSecret reports whether the Secret is the pull Secret of pods. The program passes its name to pods, and none of its values.
func (r SecretReference) IsPullSecret() bool { return r.Secret == registryPasswordKey }

// Path returns the configuration key of the reference.
func (r SecretReference) Path() string { return referencesKey + "." + r.Secret }

// CheckValue lists what is wrong with the referenced value, without showing the value. An empty fallback counts as absent.
// Whether a private key matches its certificate is checked with the certificate.
func (r SecretReference) CheckValue(value Secret) []error {
	var p problems
	pem := r.Secret == "tlsKey" || r.Secret == "databaseKey"
	text := value.Reveal()
	switch {
	case text == "" && strings.Contains(r.Secret, "Fallback"):
	case text == "":
		p = append(p, errors.New("the value is empty"))
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		p = append(p, errors.New("the value is not a text: no variable of a pod can hold it"))
	case !pem && strings.ContainsAny(text, "\r\n"):
		p = append(p, errors.New("the value has a line break, often one that `echo` put at its end: write it with `printf %s`"))
	case r.Secret == "signingKey":
		Secrets{SigningKey: value}.validate(&p)
	case r.Secret == "signingKeyFallbacks":
		Secrets{SigningKeyFallbacks: value}.validate(&p)
	}
	return p
}

// Given returns the references that are set, in field order.
func (r References) Given() (given []SecretReference) {
	for _, one := range []struct {
		secret string
		at     *Reference
	}{
		{registryPasswordKey, r.RegistryPassword},
		{"databasePassword", r.DatabasePassword}, {"databasePasswordFallback", r.DatabasePasswordFallback},
		{"redisPassword", r.RedisPassword}, {"redisPasswordFallback", r.RedisPasswordFallback},
		{"signingKey", r.SigningKey}, {"signingKeyFallbacks", r.SigningKeyFallbacks},
		{"tlsKey", r.TLSKey}, {"databaseKey", r.DatabaseKey}, {backupSecretKey, r.BackupSecretAccessKey},
	} {
		if one.at != nil {
			given = append(given, SecretReference{one.secret, *one.at})
		}
	}
	return given
}

// Of returns the reference of one secret, if it is set.
func (r References) Of(secret string) (reference SecretReference, found bool) {
	given := r.Given()
	i := slices.IndexFunc(given, func(one SecretReference) bool { return one.Secret == secret })
	if i < 0 {
		return SecretReference{}, false
	}
	return given[i], true
}

// UsesDockerLogin reports whether this machine uses the registry with the credentials of `docker login`, because registryPassword is
// a reference to the pods' pull Secret.
func (c *Config) UsesDockerLogin() bool {
	return c.References.RegistryPassword != nil && c.Registry.Username != ""
}

// Valid reports whether the reference may name a Secret. The parts of an invalid one are not printed, because they may be the
// value itself.
func (r Reference) Valid() bool {
	return isName(r.Name) && isSecretKey(r.Key) && !isHexValue(r.Name) && !isHexValue(r.Key)
}

func isSecretKey(text string) bool { return len(validation.IsConfigMapKey(text)) == 0 }

// isHexValue reports whether the text has at least 128 bits in hexadecimal, as `openssl rand -hex` prints them.
func isHexValue(text string) bool {
	bytes, err := hex.DecodeString(text)
	return err == nil && len(bytes) >= 16
}

func (c *Config) validateReferences(p *problems) {
	for _, r := range c.References.Given() {
		p.check(r.Name != "", "%s.name is missing: name a Secret of the namespace %s, see `kubectl -n %[2]s get secret`", r.Path(), c.Namespace)
		p.check(r.Name == "" || isName(r.Name), "%s.name is not a valid name: see `kubectl -n %s get secret`", r.Path(), c.Namespace)
		p.check(r.Key != "", "%s.key is missing: name the key of the Secret that holds the value", r.Path())
		p.check(r.Key == "" || isSecretKey(r.Key), "%s.key is not a key of a Secret: use letters, digits and - _ .", r.Path())
		for _, part := range []struct{ key, text string }{{"name", r.Name}, {"key", r.Key}} {
			p.check(!isHexValue(part.text), "%s.%s is probably the value itself: write the value into a Secret, and name the Secret and its key", r.Path(), part.key)
		}
	}
	if r := c.References.RegistryPassword; r != nil {
		p.check(r.Key == "" || r.Key == corev1.DockerConfigJsonKey, "secrets.registryPassword.key is not a key that nodes pull with: name the key %s of a Secret of the type %s", corev1.DockerConfigJsonKey, corev1.SecretTypeDockerConfigJson)
		p.check(c.Registry.Username != "", "secrets.registryPassword has no effect without registry.username: remove it, or set the user name that the Secret has")
	}
	p.check(c.References.TLSKey == nil || c.TLS.CertFile != "", "secrets.tlsKey has no effect without tls.certFile: remove it, or name the certificate's file")
	p.check(c.References.BackupSecretAccessKey == nil || c.Backup.InS3(), "secrets.%s has no effect without backup.s3: remove it, or set the bucket of the backups", backupSecretKey)
	p.check(c.References.DatabaseKey == nil || c.Database.CertFile != "", "secrets.databaseKey has no effect without database.certFile: remove it, or name the certificate's file")
}
