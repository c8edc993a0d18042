package config

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"
)

// Project is the namespace of the configuration keys and the project name in Pulumi.yaml.
const Project = "hankki"

// Source is a source of configuration. Keys are full (hankki:backend); objects are JSON. *pulumi.Context implements all
// methods but Keys.
type Source interface {
	GetConfig(key string) (value string, found bool)
	IsConfigSecret(key string) bool
	Keys() []string // all keys that are set, including those of other programs and plugins
}

// Load reads, completes and validates the configuration of the stack. Its error lists everything wrong, one line each.
// After an error the Config is as complete as possible, for further checks only.
func Load(stack string, source Source) (*Config, error) {
	c := defaults()
	l := loader{stack: stack, source: source, known: map[string]bool{}, given: map[string]bool{}}

	l.value("role", &c.Role)
	l.value(sitesKey, &c.Sites)
	l.value("namespace", &c.Namespace)
	l.value("kubeContext", &c.KubeContext)
	l.value("generateSecrets", &c.GenerateSecrets)
	l.value("rolloutTimeout", &c.RolloutTimeout)
	l.value("registry", &c.Registry)
	l.value("images", &c.Images)
	l.value("baseImages", &c.BaseImages)
	l.value("metallb", &c.MetalLB)
	l.value("metricsServer", &c.MetricsServer)
	l.value("redis", &c.Redis)
	l.value("database", &c.Database)
	l.value("backup", &c.Backup)
	l.value("backend", &c.Backend)
	l.value("frontend", &c.Frontend)
	l.value("tls", &c.TLS)
	l.value("monitoring", &c.Monitoring)
	l.value("render", &c.Render)
	l.value(referencesKey, &c.References)

	l.secrets(c)
	l.checkNames()
	l.checkRole(c)

	c.derive()
	l.errs = append(l.errs, c.validate()...)
	return c, errors.Join(l.errs...)
}

// secrets reads the secrets that the configuration needs.
func (l *loader) secrets(c *Config) {
	optional := c.GenerateSecrets || !c.HasSite()
	l.secret("redisPassword", &c.Secrets.RedisPassword, c, optional)
	l.secret("signingKey", &c.Secrets.SigningKey, c, optional)
	l.secret("databasePassword", &c.Secrets.DatabasePassword, c, optional && (c.Database.Embedded || !c.HasSite()))
	if c.Registry.Username != "" && c.HasSite() {
		l.secret(registryPasswordKey, &c.Secrets.RegistryPassword, c, false)
	}
	if c.TLS.CertFile != "" && c.HasSite() {
		l.secret("tlsKey", &c.Secrets.TLSKey, c, false)
	}
	if c.Database.CertFile != "" && c.HasSite() {
		l.secret("databaseKey", &c.Secrets.DatabaseKey, c, false)
	}
	if c.Backup.InS3() && c.HasSite() {
		l.secret(backupSecretKey, &c.Secrets.BackupSecretAccessKey, c, false)
	}
	// Unused without a registry login, a certificate file or a bucket, but not an error.
	l.known[registryPasswordKey], l.known["tlsKey"], l.known["databaseKey"], l.known[backupSecretKey] = true, true, true, true
	l.fallback("databasePasswordFallback", &c.Secrets.DatabasePasswordFallback, c)
	l.fallback("redisPasswordFallback", &c.Secrets.RedisPasswordFallback, c)
	l.fallback("signingKeyFallbacks", &c.Secrets.SigningKeyFallbacks, c)
}

type loader struct {
	stack  string
	source Source
	known  map[string]bool // existing keys
	given  map[string]bool // keys with another value than the default, and secrets
	errs   []error
}

// get reads one key.
func (l *loader) get(name string) (value string, found bool) {
	l.known[name] = true
	return l.source.GetConfig(Project + ":" + name)
}

// checkNames reports unknown keys: a typo must not fall back to a default.
func (l *loader) checkNames() {
	for _, key := range slices.Sorted(slices.Values(l.source.Keys())) {
		if name, own := strings.CutPrefix(key, Project+":"); own && !l.known[name] {
			l.add("%s is unknown: %s", name, suggestion(name, "", "there are", slices.Sorted(maps.Keys(l.known))))
		}
	}
}

// value decodes one key over its default.
func (l *loader) value(key string, into any) {
	text, found := l.get(key)
	if !found || text == "" {
		return
	}
	show := l.showing(key)
	before := reflect.ValueOf(into).Elem().Interface()
	defer func() {
		after := reflect.ValueOf(into).Elem()
		empty := after.Kind() == reflect.Slice && after.Len() == 0
		l.given[key] = !empty && !reflect.DeepEqual(before, after.Interface())
	}()
	typ := reflect.TypeOf(into).Elem()
	var raw any = text
	if typ.Kind() != reflect.String {
		switch err := unmarshal(text, &raw); {
		case err != nil && (typ.Kind() == reflect.Struct || typ.Kind() == reflect.Slice):
			l.add("%s: %s is not %s: %w", key, show(text), kinds[typ.Kind()], err)
			return
		case err != nil:
			l.add("%s: %s is not %s", key, show(text), kinds[typ.Kind()])
			return
		}
	}
	l.checkKeys(key, raw, typ)
	if raw = withoutNulls(raw); raw == nil {
		return
	}
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{Result: into, ZeroFields: true, DecodeHook: checkKind(show), MatchName: sameKey})
	if err != nil {
		l.add("%s: %w", key, err)
		return
	}
	l.addDecodeErrors(key, decoder.Decode(raw))
}

// showing returns how messages print the value of a key.
func (l *loader) showing(key string) func(any) string {
	switch {
	case l.source.IsConfigSecret(Project + ":" + key):
		return func(any) string { return "a secret" }
	case key == referencesKey: // the user may have entered the value itself instead of a reference
		return func(any) string { return "the value" }
	default:
		return shown
	}
}

func (l *loader) add(format string, args ...any) {
	l.errs = append(l.errs, fmt.Errorf(format, args...))
}

// secret reads one secret unless it is externally managed. It reports an error with the remedy if the secret is stored in
// plain text, or missing and not optional. In rendered manifests a placeholder replaces every secret; a value that is a
// Placeholder is kept.
func (l *loader) secret(name string, into *Secret, c *Config, optional bool) {
	key := Project + ":" + name
	text, _ := l.get(name)
	l.given[name] = text != ""
	if kept, found := c.References.Of(name); found {
		if text != "" {
			l.add("%s is given twice, by %s and by %s:%s: remove one, e.g. with `pulumi config rm %[2]s --stack %[5]s`", name, key, Project, kept.Path(), l.stack)
		}
		return
	}
	if c.Render.Directory != "" {
		*into = renderPlaceholder
		if ofCiphertext.MatchString(text) {
			*into = Secret(text)
		}
		return
	}
	switch {
	case text == "" && optional:
	case text == "":
		l.errs = append(l.errs, fmt.Errorf("%s is missing: set it with `pulumi config set --secret %s --stack %s`", name, key, l.stack))
	case !l.source.IsConfigSecret(key):
		l.errs = append(l.errs, fmt.Errorf("%s is in plain text: change it, and set the new one with `pulumi config set --secret %s --stack %s`", name, key, l.stack))
	}
	*into = Secret(text)
}

// fallback reads a secret that is set only during a rotation. Rendered manifests have one only if its value is a Placeholder.
func (l *loader) fallback(name string, into *Secret, c *Config) {
	l.secret(name, into, c, true)
	if *into == renderPlaceholder {
		*into = ""
	}
}
