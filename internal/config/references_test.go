package config_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"hankki/internal/config"
)

// referred is a stack in which that secret is externally managed.
func referred(s settings, secret string) settings {
	delete(s.values, secret)
	return s.set("secrets."+secret, map[string]any{"name": "vault", "key": keyOf(secret)})
}

// keyOf is a valid key of a secret's reference.
func keyOf(secret string) string {
	if secret == "registryPassword" {
		return ".dockerconfigjson"
	}
	return "the-key"
}

func allSecrets() []string { return slices.Concat(sorted(secrets), sorted(fallbacks), keysOfOptions) }

func TestEachSecretMayBeExternallyManaged(t *testing.T) {
	for _, secret := range allSecrets() {
		t.Run(secret, func(t *testing.T) {
			c := load(t, referred(optional(), secret))
			want := []config.SecretReference{{Secret: secret, Reference: config.Reference{Name: "vault", Key: keyOf(secret)}}}
			if got := c.References.Given(); !slices.Equal(got, want) {
				t.Errorf("the references are %v", got)
			}
			// Without a reference, a missing secret is an error. With one, the placeholder of rendered manifests is no error
			// either.
			rendered := load(t, referred(optional(), secret).set("render.directory", "manifests"))
			for _, s := range []config.Secrets{c.Secrets, rendered.Secrets} {
				values := map[string]config.Secret{
					"registryPassword": s.RegistryPassword,
					"databasePassword": s.DatabasePassword, "databasePasswordFallback": s.DatabasePasswordFallback, "redisPassword": s.RedisPassword, "redisPasswordFallback": s.RedisPasswordFallback,
					"signingKey": s.SigningKey, "signingKeyFallbacks": s.SigningKeyFallbacks, "tlsKey": s.TLSKey, "databaseKey": s.DatabaseKey,
					"backupSecretAccessKey": s.BackupSecretAccessKey,
				}
				if value, found := values[secret]; value != "" || !found {
					t.Errorf("%s has a value beside its reference", secret)
				}
			}
		})
	}
}

func TestAllReferencesTogether(t *testing.T) {
	s := optional()
	for _, secret := range allSecrets() {
		s = referred(s, secret)
	}
	if got := len(load(t, s).References.Given()); got != len(allSecrets()) {
		t.Errorf("%d references are given, not %d", got, len(allSecrets()))
	}
}

func TestAllInvalidReferencesAreReported(t *testing.T) {
	vault := func(name, key any) map[string]any { return map[string]any{"name": name, "key": key} }
	without := func(s settings, secret string) settings { delete(s.values, secret); return s }
	for name, row := range map[string]struct {
		s        settings
		messages [][]string // one per line
	}{
		"value and reference": {valid().set("secrets.redisPassword", vault("vault", "redis")),
			[][]string{{"redisPassword is given twice", "hankki:redisPassword", "hankki:secrets.redisPassword", "pulumi config rm hankki:redisPassword"}}},
		"fallback and reference": {valid().encrypt("signingKeyFallbacks", fallbacks["signingKeyFallbacks"]).set("secrets.signingKeyFallbacks", vault("vault", "keys")),
			[][]string{{"signingKeyFallbacks is given twice"}}},
		"no name":              {without(valid(), "signingKey").set("secrets.signingKey", vault("", "k")), [][]string{{"secrets.signingKey.name is missing", "namespace hankki"}}},
		"no key":               {without(valid(), "signingKey").set("secrets.signingKey", map[string]any{"name": "vault"}), [][]string{{"secrets.signingKey.key is missing"}}},
		"neither":              {without(valid(), "signingKey").set("secrets.signingKey", map[string]any{}), [][]string{{"secrets.signingKey.name is missing"}, {"secrets.signingKey.key is missing"}}},
		"no reference at all":  {without(valid(), "signingKey").set("secrets.signingKey", nil), [][]string{{"signingKey is missing"}}},
		"invalid name":         {without(valid(), "signingKey").set("secrets.signingKey", vault("My Vault", "k")), [][]string{{`secrets.signingKey.name "My Vault"`, "kubectl"}}},
		"a name with two dots": {without(valid(), "signingKey").set("secrets.signingKey", vault("a..b", "k")), [][]string{{`secrets.signingKey.name "a..b"`}}},
		"invalid key":          {without(valid(), "signingKey").set("secrets.signingKey", vault("vault", "path/to/key")), [][]string{{`secrets.signingKey.key "path/to/key"`, "letters, digits"}}},
		"an unknown secret":    {valid().set("secrets.databasePasswort", vault("vault", "k")), [][]string{{"secrets.databasePasswort is unknown", "databasePassword"}}},
		"another key of a pull Secret": {without(valid(), "registryPassword").set("secrets.registryPassword", vault("vault", "password")),
			[][]string{{`secrets.registryPassword.key "password"`, ".dockerconfigjson", "kubernetes.io/dockerconfigjson"}}},
		"no key of a pull Secret": {without(valid(), "registryPassword").set("secrets.registryPassword", map[string]any{"name": "vault"}), [][]string{{"secrets.registryPassword.key is missing"}}},
		"a pull Secret without a user": {without(valid(), "registryPassword").set("registry.username", "").set("secrets.registryPassword", vault("vault", ".dockerconfigjson")),
			[][]string{{"secrets.registryPassword has no effect", "registry.username"}}},
		"wrong case":            {valid().set("secrets.RedisPassword", vault("vault", "k")), [][]string{{"secrets.RedisPassword is unknown", "write secrets.redisPassword"}}},
		"an unknown key inside": {without(valid(), "signingKey").set("secrets.signingKey", map[string]any{"name": "vault", "key": "k", "namespace": "other"}), [][]string{{"secrets.signingKey.namespace is unknown", "key, name"}}},
		"a key without a certificate": {valid().set("secrets.tlsKey", vault("vault", "k")).set("secrets.databaseKey", vault("vault", "k")).set("secrets.backupSecretAccessKey", vault("vault", "k")),
			[][]string{{"secrets.tlsKey has no effect", "tls.certFile"}, {"secrets.backupSecretAccessKey has no effect", "backup.s3"}, {"secrets.databaseKey has no effect", "database.certFile"}}},
		"all at once": {valid().set("secrets.redisPassword", vault("vault", "redis")).set("secrets.databasePassword", vault("", "pw")).set("secrets.other", vault("a", "b")),
			[][]string{{"secrets.other is unknown"}, {"redisPassword is given twice"}, {"databasePassword is given twice"}, {"secrets.databasePassword.name is missing"}}},
	} {
		t.Run(name, func(t *testing.T) {
			lines := errorLines(t, row.s)
			if len(lines) != len(row.messages) {
				t.Fatalf("want %d lines, got:\n%s", len(row.messages), strings.Join(lines, "\n"))
			}
			for i, messages := range row.messages {
				if !names(lines[i], messages...) {
					t.Errorf("the line does not name all of %q: %s", messages, lines[i])
				}
			}
		})
	}
}

// The user may enter a value instead of its reference. An error must not print it.
func TestValueInsteadOfReferenceIsNotPrinted(t *testing.T) {
	const value = "hunter2-hunter2-hunter2-hunter2-hunter2"
	for name, secrets := range map[string]any{
		"of one secret": map[string]any{"signingKey": value}, "of all": value, "inside": map[string]any{"signingKey": map[string]any{"value": value}},
		"a list": map[string]any{"signingKey": []any{value}}, "broken": "{" + value,
	} {
		t.Run(name, func(t *testing.T) {
			lines := errorLines(t, valid().set("secrets", secrets))
			if len(lines) == 0 || !strings.Contains(lines[0], "secrets") {
				t.Errorf("the errors are %q", lines)
			}
			if strings.Contains(strings.Join(lines, "\n"), "hunter2") {
				t.Errorf("the value is printed: %q", lines)
			}
		})
	}
}

func TestReferencedValueIsChecked(t *testing.T) {
	long := strings.Repeat("k", 32)
	for _, row := range []struct {
		secret, value string
		messages      []string // nil: the value is valid
	}{
		{"databasePassword", "päss wörd", nil},
		{"databasePassword", "", []string{"is empty"}},
		{"databasePasswordFallback", "", nil},
		{"signingKeyFallbacks", "", nil},
		{"redisPassword", "word\n", []string{"line break", "printf"}},
		{"redisPassword", "wo\x00rd", []string{"not a text"}},
		{"redisPassword", "\xff\xfe", []string{"not a text"}},
		{"signingKey", long, nil},
		{"signingKey", long[1:], []string{"signingKey has 31 characters"}},
		{"signingKeyFallbacks", long + " short", []string{"5 characters at place 2"}},
		{"tlsKey", "-----BEGIN\nkey\n", nil},
		{"tlsKey", "", []string{"is empty"}},
	} {
		t.Run(row.secret, func(t *testing.T) {
			errs := config.SecretReference{Secret: row.secret}.CheckValue(config.Secret(row.value))
			if len(errs) != min(len(row.messages), 1) {
				t.Errorf("the errors are %v", errs)
			}
			for _, err := range errs {
				if !names(err.Error(), row.messages...) || len(row.value) > 3 && names(err.Error(), row.value) {
					t.Error(err)
				}
			}
		})
	}
}

func TestGivenListsEachReference(t *testing.T) {
	for field := range reflect.TypeFor[config.References]().Fields() {
		secret := field.Tag.Get("mapstructure")
		var r config.References
		reflect.ValueOf(&r).Elem().FieldByIndex(field.Index).Set(reflect.ValueOf(&config.Reference{Name: "vault", Key: "key"}))
		if given := r.Given(); len(given) != 1 || given[0].Secret != secret {
			t.Errorf("with the reference secrets.%s, Given returns %v", secret, given)
		}
	}
}
