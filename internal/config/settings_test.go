package config_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"hankki/internal/config"
	"hankki/internal/stacktest"
)

// settings is a stack's configuration before Pulumi processes it: keys without namespace, values as read from YAML.
type settings struct {
	values    stacktest.Values
	secrets   map[string]bool // keys with an encrypted value
	requested map[string]bool // keys that Load read
}

func (s settings) GetConfig(key string) (string, bool) {
	s.requested[key] = true
	return s.values.Text(strings.TrimPrefix(key, config.Project+":"))
}

// Keys includes the keys of a plugin.
func (s settings) Keys() []string {
	keys := []string{"kubernetes:context"}
	for name := range s.values {
		keys = append(keys, config.Project+":"+name)
	}
	return keys
}

func (s settings) IsConfigSecret(key string) bool {
	return s.secrets[strings.TrimPrefix(key, config.Project+":")]
}

// set sets the value at a path like backend.replicas and returns the settings for chaining.
func (s settings) set(path string, value any) settings {
	s.values.Set(path, value)
	return s
}

// encrypt sets a secret like `pulumi config set --secret`.
func (s settings) encrypt(name, value string) settings {
	s.secrets[name] = true
	return s.set(name, value)
}

func empty() settings {
	return settings{values: stacktest.Values{}, secrets: map[string]bool{}, requested: map[string]bool{}}
}

// shipped reads a stack's file from the repository.
func shipped(t *testing.T, stack string) settings {
	t.Helper()
	s := empty()
	s.values = stacktest.Shipped(t, "../..", stack)
	return s
}

// The secrets of a stack, with valid values.
var secrets = map[string]string{
	"registryPassword": "registry-password",
	"databasePassword": "database-password",
	"redisPassword":    "redis-password",
	"signingKey":       "signing-key-of-32-bytes-or-more-",
}

// The secrets that are set only during a rotation.
var fallbacks = map[string]string{
	"databasePasswordFallback": "former-database-password",
	"redisPasswordFallback":    "former-redis-password",
	"signingKeyFallbacks":      "former-signing-key-of-32-bytes--- a-signing-key-that-is-to-come-soon",
}

// keysOfOptions are the secrets of stacks with certificate files and with backups in S3.
var keysOfOptions = []string{"backupSecretAccessKey", "databaseKey", "tlsKey"}

// optional is a stack with certificate files and with backups in S3, whose keys are required.
func optional() settings {
	s := valid().set("tls.certFile", "site.crt").set("database.certFile", "us.crt").set("backup", backup(map[string]any{"volume": nil, "s3": bucket(nil)}))
	for _, name := range keysOfOptions {
		s.encrypt(name, "key")
	}
	return s
}

func withSecrets(s settings) settings {
	for name, value := range secrets {
		s.encrypt(name, value)
	}
	return s
}

// valid is a minimal stack with all values that tests change.
func valid() settings {
	s := empty().set("registry.server", "registry.example.com:5000").set("registry.username", "cook").
		set("metallb.addresses", []any{"10.0.0.3-10.0.0.254"}).
		set("database.host", "postgres.example.com").
		set("backend.loadBalancerIP", "10.0.0.3").
		set("frontend.loadBalancerIP", "10.0.0.4")
	return withSecrets(s)
}

func load(t *testing.T, s settings) *config.Config {
	t.Helper()
	c, err := config.Load("test", s)
	if err != nil {
		t.Fatalf("Load refuses a valid stack:\n%v", err)
	}
	return c
}

// errorLines returns the lines of Load's error.
func errorLines(t *testing.T, s settings) []string {
	t.Helper()
	_, err := config.Load("test", s)
	return linesOf(err)
}

func linesOf(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}

// names reports whether a line contains all of the words.
func names(line string, words ...string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(line, word) })
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
