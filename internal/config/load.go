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

// Project is the namespace of the configuration keys, and the project's name in Pulumi.yaml.
const Project = "hankki"

// Source is where configuration comes from. Keys are full (hankki:backend), an object comes as JSON. *pulumi.Context is one
// but for Keys, of which it knows no list.
type Source interface {
	GetConfig(key string) (value string, found bool)
	IsConfigSecret(key string) bool
	Keys() []string // all that are set, of other programs and plugins too
}

// Load reads, completes and checks the configuration of the stack. Its error lists everything that is wrong, a line
// each; the Config is then as complete as could be read, good for no more than further checks.
func Load(stack string, source Source) (*Config, error) {
	c := defaults()
	l := loader{stack: stack, source: source, known: map[string]bool{}}

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
	l.value("backend", &c.Backend)
	l.value("frontend", &c.Frontend)
	l.value("tls", &c.TLS)
	l.value("monitoring", &c.Monitoring)
	l.value("render", &c.Render)
	l.value(referencesKey, &c.References)

	optional := c.GenerateSecrets
	l.secret("redisPassword", &c.Secrets.RedisPassword, c, optional)
	l.secret("signingKey", &c.Secrets.SigningKey, c, optional)
	l.secret("databasePassword", &c.Secrets.DatabasePassword, c, optional && c.Database.Embedded)
	if c.Registry.Username != "" {
		l.secret("registryPassword", &c.Secrets.RegistryPassword, c, false)
	}
	if c.TLS.CertFile != "" {
		l.secret("tlsKey", &c.Secrets.TLSKey, c, false)
	}
	if c.Database.CertFile != "" {
		l.secret("databaseKey", &c.Secrets.DatabaseKey, c, false)
	}
	// Of no use, but no mistakes either, where nobody logs in and no certificate is given.
	l.known["registryPassword"], l.known["tlsKey"], l.known["databaseKey"] = true, true, true
	l.fallback("databasePasswordFallback", &c.Secrets.DatabasePasswordFallback, c)
	l.fallback("redisPasswordFallback", &c.Secrets.RedisPasswordFallback, c)
	l.fallback("signingKeyFallbacks", &c.Secrets.SigningKeyFallbacks, c)
	l.checkNames()

	c.derive()
	l.errs = append(l.errs, c.validate()...)
	return c, errors.Join(l.errs...)
}

type loader struct {
	stack  string
	source Source
	known  map[string]bool // keys that there are
	errs   []error
}

// get reads one key.
func (l *loader) get(name string) (value string, found bool) {
	l.known[name] = true
	return l.source.GetConfig(Project + ":" + name)
}

// checkNames lists the keys that there are not: a typo must not become a default.
func (l *loader) checkNames() {
	for _, key := range slices.Sorted(slices.Values(l.source.Keys())) {
		if name, ours := strings.CutPrefix(key, Project+":"); ours && !l.known[name] {
			l.add("%s is unknown: %s", name, meant(name, "", "there are", slices.Sorted(maps.Keys(l.known))))
		}
	}
}

// value decodes one key over its default.
func (l *loader) value(key string, into any) {
	text, found := l.get(key)
	if !found || text == "" {
		return
	}
	show := shown
	switch {
	case l.source.IsConfigSecret(Project + ":" + key):
		show = func(any) string { return "a secret" }
	case key == referencesKey: // a value may stand where its reference should
		show = func(any) string { return "the value" }
	}
	typ := reflect.TypeOf(into).Elem()
	var raw any = text
	if _, isString := into.(*string); !isString {
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

func (l *loader) add(format string, args ...any) {
	l.errs = append(l.errs, fmt.Errorf(format, args...))
}

// secret reads one secret, unless others keep it. One that is missing, unless it is optional, or that stands in plain text is an error that
// names the way out; in rendered manifests a placeholder takes the place of every secret, given or not.
func (l *loader) secret(name string, into *Secret, c *Config, optional bool) {
	key := Project + ":" + name
	text, _ := l.get(name)
	if kept, found := c.References.Of(name); found {
		if text != "" {
			l.add("%s is given twice, by %s and by %s:%s: remove one, e.g. with `pulumi config rm %[2]s --stack %[5]s`", name, key, Project, kept.Path(), l.stack)
		}
		return
	}
	if c.Render.Directory != "" {
		*into = renderPlaceholder
		return
	}
	switch {
	case text == "" && optional:
	case text == "":
		l.errs = append(l.errs, fmt.Errorf("%s is missing: set it with `pulumi config set --secret %s --stack %s`", name, key, l.stack))
	case !l.source.IsConfigSecret(key):
		l.errs = append(l.errs, fmt.Errorf("%s stands in plain text: change it, and set the new one with `pulumi config set --secret %s --stack %s`", name, key, l.stack))
	}
	*into = Secret(text)
}

// fallback reads a secret that is there only while another one is being replaced. Rendered manifests go without.
func (l *loader) fallback(name string, into *Secret, c *Config) {
	l.secret(name, into, c, true)
	if c.Render.Directory != "" {
		*into = ""
	}
}
