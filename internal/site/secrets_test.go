package site

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// plainText is a registration as the state, the log and the preview would show it.
func plainText(t *testing.T, r registration) string {
	t.Helper()
	text, err := json.Marshal(r.inputs)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSecretsAreNotInPlainText(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			e := s.deployed(t)
			hidden := map[string]string{} // secret values and their names
			for _, values := range []map[string]string{secretValues, fallbackValues} {
				for key, value := range values {
					hidden[value] = key
				}
			}
			hidden[base64.StdEncoding.EncodeToString([]byte("hankki:"+secretValues["registryPassword"]))] = "registryPassword in base64"
			hidden[bucketSecret] = "backupSecretAccessKey"
			hidden["placeholder-of-a-secret"] = "placeholder"
			for _, stash := range e.all(stashType) {
				hidden[fmt.Sprint(stash.revealed["input"])] = stash.name
			}
			for _, r := range e.all("") {
				for value, key := range hidden {
					if strings.Contains(plainText(t, r), value) {
						t.Errorf("%s shows %s in plain text", r.urn, key)
					}
				}
			}
		})
	}
}

// The test above passes if secrets are missing entirely; this test checks that they reach their pods.
func TestSecretsReachTheirPods(t *testing.T) {
	e := shipped(t, "onprem").deployed(t)
	for _, c := range []struct {
		name string
		want map[string]any
		is   map[string]any
	}{
		{"backend", map[string]any{
			"DATABASE_PASSWORD": secretValues["databasePassword"], "REDIS_PASSWORD": secretValues["redisPassword"], "SECRET_KEY": secretValues["signingKey"],
			"DATABASE_PASSWORD_FALLBACK": "", "SECRET_KEY_FALLBACKS": "",
		}, map[string]any{"immutable": true, "metadata.name": nil}}, // so pods are replaced when it changes
		{"hankki-registry", map[string]any{
			".dockerconfigjson": fmt.Sprintf(`{"auths":{"registry.example.com":{"auth":%q}}}`,
				base64.StdEncoding.EncodeToString([]byte("hankki:"+secretValues["registryPassword"]))),
		}, map[string]any{"immutable": nil, "metadata.name": "hankki-registry"}}, // so pods are not replaced
	} {
		t.Run(c.name, func(t *testing.T) {
			r := e.one(t, secretType, c.name)
			if got, want := fmt.Sprint(r.revealed["stringData"]), fmt.Sprint(c.want); got != want {
				t.Errorf("the Secret %s is not what it should be", c.name)
			}
			match(t, r, map[string]any{"stringData": hiddenValue})
			match(t, r, c.is)
		})
	}
}

func TestFallbacksReachTheAPI(t *testing.T) {
	for _, stack := range []string{"dev", "onprem"} {
		t.Run(stack, func(t *testing.T) {
			secret := shipped(t, stack).rotating().deployed(t).one(t, secretType, "backend")
			for key, name := range map[string]string{"SECRET_KEY_FALLBACKS": "signingKeyFallbacks", "DATABASE_PASSWORD_FALLBACK": "databasePasswordFallback"} {
				if at(secret.revealed, "stringData."+key) != fallbackValues[name] {
					t.Errorf("%s differs from the configured value", key)
				}
			}
		})
	}
}

func TestPodsUseRegistryCredentials(t *testing.T) {
	e := shipped(t, "onprem").deployed(t)
	for _, r := range append(e.all(deploymentType), e.all(jobType)...) {
		name := fmt.Sprint(at(r.inputs, "spec.template.spec.imagePullSecrets.0.name"))
		if name != "hankki-registry" {
			t.Errorf("%s pulls with %s", r.urn, name)
		}
	}
	// dev's registry allows anonymous access.
	for _, r := range shipped(t, "dev").deployed(t).all(secretType) {
		if strings.Contains(r.name, "registry") {
			t.Errorf("%s is made without a user name", r.urn)
		}
	}
}

// A generated secret must not change: the Stash keeps its first value, and each secret is different.
func TestSecretsOfDevAreGeneratedOnce(t *testing.T) {
	e := shipped(t, "dev").deployed(t)
	seen := map[string]string{}
	for _, name := range []string{"database-password", "redis-password", "signing-key"} {
		stash := e.one(t, stashType, name)
		match(t, stash, map[string]any{"input": hiddenValue})
		if !slices.Equal(stash.ignored, []string{"input"}) {
			t.Errorf("%s is generated again in each run", name)
		}
		value := fmt.Sprint(stash.revealed["input"])
		if len(value) < 32 || strings.ContainsAny(value, " \"'\\\n") {
			t.Errorf("%s is too short or has signs that a shell reads otherwise", name)
		}
		if other, found := seen[value]; found {
			t.Errorf("%s and %s are one", name, other)
		}
		seen[value] = name
	}
	if len(e.all(stashType)) != len(seen) {
		t.Errorf("%d secrets are generated, not %d", len(e.all(stashType)), len(seen))
	}
	if again := shipped(t, "onprem").deployed(t).all(stashType); len(again) > 0 {
		t.Errorf("onprem makes up %s", again[0].name)
	}
	password := fmt.Sprint(e.one(t, stashType, "redis-password").revealed["input"])
	api, redis := e.one(t, secretType, "backend").revealed, e.one(t, secretType, "redis").revealed
	if at(api, "stringData.REDIS_PASSWORD") != password || !strings.Contains(fmt.Sprint(at(redis, "stringData")), hashOf(password)) {
		t.Error("Redis or the API has another password than the one that was made up")
	}
}

// Pulumi stores each input of a provider as one text: a secret in an object or a list would be in plain text.
func TestSecretsOfProvidersAreWhole(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			for _, r := range s.deployed(t).all("") {
				if !strings.HasPrefix(r.typ, providerPrefix) {
					continue
				}
				for key, value := range r.inputs {
					if value != hiddenValue && strings.Contains(fmt.Sprint(value), hiddenValue) {
						t.Errorf("%s of %s has a secret inside; make all of it one", key, r.urn)
					}
				}
			}
		})
	}
}

// A builder's provider has no credentials, so a change of credentials replaces neither it nor its images.
func TestRegistryCredentialsBelongToImages(t *testing.T) {
	e := shipped(t, "onprem").set("images.builder", "buildkit").deployed(t)
	for _, app := range []string{"redis", "backend", "frontend"} {
		r := e.one(t, buildKitImageType, app)
		match(t, r, map[string]any{
			"registries.0.address": "registry.example.com", "registries.0.username": "hankki", "registries.0.password": hiddenValue,
		})
		if got := at(r.revealed, "registries.0.password"); got != secretValues["registryPassword"] {
			t.Errorf("%s is pushed with the password %v", app, got)
		}
	}
	provider := e.one(t, providerPrefix+"docker-build", "builder")
	if provider.inputs["registries"] != nil || !slices.Equal(provider.ignored, []string{"host", "registries"}) {
		t.Errorf("the provider has the inputs %v and ignores changes of %v", provider.inputs, provider.ignored)
	}
	if anonymous := shipped(t, "dev").set("images.builder", "buildkit").deployed(t).one(t, buildKitImageType, "redis"); anonymous.inputs["registries"] != nil {
		t.Errorf("without a user name the image has the credentials %v", anonymous.inputs["registries"])
	}
}
