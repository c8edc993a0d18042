package config_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hankki/internal/config"
)

func TestNoVerbPrintsASecret(t *testing.T) {
	const value = "hunter2"
	secret := config.Secret(value)
	if secret.Reveal() != value {
		t.Fatal("Reveal does not give the value")
	}
	c := config.Config{Secrets: config.Secrets{SigningKey: secret}}
	leaks := []string{value, fmt.Sprintf("%x", value), fmt.Sprintf("%X", value)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10v"} {
		for _, holder := range []any{secret, &secret, c, &c, c.Secrets, []config.Secret{secret}, map[string]config.Secret{"a": secret}} {
			text := fmt.Sprintf(verb, holder)
			for _, leak := range leaks {
				if strings.Contains(text, leak) {
					t.Errorf("%s of %T prints the secret", verb, holder)
				}
			}
		}
	}
	for name, text := range map[string]string{
		"Print": fmt.Sprint(secret), "Println": fmt.Sprintln(c), "Errorf": fmt.Errorf("wrong: %v", secret).Error(),
	} {
		if strings.Contains(text, value) {
			t.Errorf("%s prints the secret", name)
		}
	}
}

// IsSecret returns true for exactly the keys of Secrets.
func TestSecretKeys(t *testing.T) {
	for _, name := range slices.Concat(sorted(secrets), sorted(fallbacks), keysOfOptions) {
		if !config.IsSecret("hankki:" + name) {
			t.Errorf("%s is not a secret", name)
		}
	}
	for _, key := range []string{"hankki:namespace", "hankki:redis", "hankki:publicKey", "hankki:", "redisPassword", "docker:redisPassword"} {
		if config.IsSecret(key) {
			t.Errorf("%s is a secret", key)
		}
	}
}
