package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/go-viper/mapstructure/v2"
)

// Project is the namespace of the configuration keys, and the project's name in Pulumi.yaml.
const Project = "hankki"

// Source is where configuration comes from; *pulumi.Context is one. Keys are full (hankki:backend), an object comes as
// JSON.
type Source interface {
	GetConfig(key string) (value string, found bool)
	IsConfigSecret(key string) bool
}

// Load reads, completes and checks the configuration of the stack. Its error lists everything that is wrong, a line
// each; the Config is then as complete as could be read, good for no more than further checks.
func Load(stack string, source Source) (*Config, error) {
	c := defaults()
	l := loader{stack: stack, source: source}

	l.value("namespace", &c.Namespace)
	l.value("kubeContext", &c.KubeContext)
	l.value("generateSecrets", &c.GenerateSecrets)
	l.value("registry", &c.Registry)
	l.value("images", &c.Images)
	l.value("baseImages", &c.BaseImages)
	l.value("metallb", &c.MetalLB)
	l.value("redis", &c.Redis)
	l.value("database", &c.Database)
	l.value("backend", &c.Backend)
	l.value("frontend", &c.Frontend)
	l.value("render", &c.Render)

	optional := c.GenerateSecrets
	l.secret("redisPassword", &c.Secrets.RedisPassword, c, optional)
	l.secret("signingKey", &c.Secrets.SigningKey, c, optional)
	l.secret("databasePassword", &c.Secrets.DatabasePassword, c, optional && c.Database.Embedded)
	if c.Registry.Username != "" {
		l.secret("registryPassword", &c.Secrets.RegistryPassword, c, false)
	}

	c.derive()
	l.errs = append(l.errs, c.validate()...)
	return c, errors.Join(l.errs...)
}

type loader struct {
	stack  string
	source Source
	errs   []error
}

// value decodes one key over its default. Keys that a struct does not know are errors: a typo must not become a default.
func (l *loader) value(key string, into any) {
	text, found := l.source.GetConfig(Project + ":" + key)
	if !found || text == "" {
		return
	}
	var raw any = text
	if _, isString := into.(*string); !isString {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber() // so that 2.5 replicas are an error, not 2
		if err := decoder.Decode(&raw); err != nil {
			l.errs = append(l.errs, fmt.Errorf("%s: %q is not what belongs here: %w", key, text, err))
			return
		}
	}
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{Result: into, ErrorUnused: true, ZeroFields: true})
	if err != nil {
		l.errs = append(l.errs, fmt.Errorf("%s: %w", key, err))
		return
	}
	if err := decoder.Decode(raw); err != nil {
		l.errs = append(l.errs, decodeErrors(key, err)...)
	}
}

// decodeErrors takes mapstructure's list apart, so that each of its errors is one line with the key in front.
func decodeErrors(key string, err error) (errs []error) {
	var list interface{ Unwrap() []error }
	if !errors.As(err, &list) {
		return []error{fmt.Errorf("%s: %w", key, err)}
	}
	for _, e := range list.Unwrap() {
		errs = append(errs, decodeErrors(key, e)...)
	}
	return errs
}

// secret reads one secret. One that is missing, unless it is optional, or that stands in plain text is an error that
// names the way out; in rendered manifests a placeholder takes the place of every secret, given or not.
func (l *loader) secret(name string, into *Secret, c *Config, optional bool) {
	if c.Render.Directory != "" {
		*into = renderPlaceholder
		return
	}
	key := Project + ":" + name
	text, _ := l.source.GetConfig(key)
	switch {
	case text == "" && optional:
	case text == "":
		l.errs = append(l.errs, fmt.Errorf("%s is missing: set it with `pulumi config set --secret %s --stack %s`", name, key, l.stack))
	case !l.source.IsConfigSecret(key):
		l.errs = append(l.errs, fmt.Errorf("%s stands in plain text: change it, and set the new one with `pulumi config set --secret %s --stack %s`", name, key, l.stack))
	}
	*into = Secret(text)
}
