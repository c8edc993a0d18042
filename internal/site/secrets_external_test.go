package site

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hankki/internal/config"
	"hankki/internal/testfile"
)

// externalValues are externally managed secrets by configuration key.
var externalValues = map[string]string{
	"databasePassword": "kEpt-database-pass", "databasePasswordFallback": "kEpt-former-database-pass",
	"redisPassword": "kEpt-redis-pass", "redisPasswordFallback": "kEpt-former-redis-pass",
	"signingKey": "kEpt-signing-key-of-32-bytes-at-least", "signingKeyFallbacks": "kEpt-former-key-of-32-bytes-at-least",
}

// externallyManaged makes a secret externally managed: under its own name in the Secret vault.
func (s settings) externallyManaged(secret, value string) settings {
	delete(s.values, secret)
	s.external = maps.Clone(s.external)
	if s.external == nil {
		s.external = map[string]config.Secret{}
	}
	s.external[secret] = config.Secret(value)
	return s.set("secrets."+secret, map[string]any{"name": "vault", "key": secret})
}

// withPullSecret makes the password of the registry externally managed.
func (s settings) withPullSecret() settings {
	delete(s.values, "registryPassword")
	return s.set("secrets.registryPassword", map[string]any{"name": "corp-registry", "key": ".dockerconfigjson"})
}

func (s settings) allExternal() settings {
	for secret, value := range externalValues {
		s = s.externallyManaged(secret, value)
	}
	return s
}

// follows returns the annotation that replaces the pods of a Deployment or Job.
func follows(t *testing.T, e *engine, typ, name string) string {
	t.Helper()
	r := e.one(t, typ, name)
	annotations, _ := at(r.inputs, "spec.template.metadata.annotations").(map[string]any)
	text, _ := annotations["hankki/secrets"].(string)
	return text
}

// Pods read each externally managed secret from its Secret. It is neither in the stack's own Secrets nor in the state.
func TestPodsReadExternallyManagedSecrets(t *testing.T) {
	for _, stack := range []string{"dev", "onprem"} {
		t.Run(stack, func(t *testing.T) {
			e := shipped(t, stack).allExternal().deployed(t)
			for _, pods := range []registration{e.one(t, deploymentType, "backend"), e.one(t, jobType, "backend-release")} {
				got := environment(t, pods)
				for variable, secret := range map[string]string{
					"DATABASE_PASSWORD": "databasePassword", "DATABASE_PASSWORD_FALLBACK": "databasePasswordFallback", "REDIS_PASSWORD": "redisPassword",
					"SECRET_KEY": "signingKey", "SECRET_KEY_FALLBACKS": "signingKeyFallbacks",
				} {
					if got[variable] != "secret vault/"+secret {
						t.Errorf("%s of %s is %s", variable, pods.name, got[variable])
					}
				}
			}
			if got := environment(t, e.one(t, deploymentType, "redis")); got["KEPT_PASSWORD_1"] != "secret vault/redisPassword" || got["KEPT_PASSWORD_2"] != "secret vault/redisPasswordFallback" {
				t.Errorf("the environment of Redis is %v", got)
			}
			if stack == "dev" {
				if got := environment(t, e.one(t, deploymentType, "postgres"))["POSTGRES_PASSWORD"]; got != "secret vault/databasePassword" {
					t.Errorf("PostgreSQL's password is %s", got)
				}
			}
			var names []string
			for _, r := range e.all("") {
				if r.typ == secretType || r.typ == stashType {
					names = append(names, r.name)
				}
				for _, value := range externalValues {
					for what, text := range map[string]string{"value": value, "hash": hashOf(value)} {
						if strings.Contains(fmt.Sprint(r.revealed), text) {
							t.Errorf("%s holds the %s of an externally managed secret", r.urn, what)
						}
					}
				}
			}
			slices.Sort(names)
			want := map[string][]string{"dev": {"digest-key", "redis"}, "onprem": {"digest-key", "hankki-registry", "redis"}}[stack]
			if !slices.Equal(names, want) {
				t.Errorf("the Secrets and Stashes are %q, not %q", names, want)
			}
		})
	}
}

// One externally managed secret, next to the stack's own secrets.
func TestOneSecretIsExternallyManaged(t *testing.T) {
	e := shipped(t, "onprem").externallyManaged("databasePassword", "kEpt-database-pass").deployed(t)
	got := environment(t, e.one(t, deploymentType, "backend"))
	if got["DATABASE_PASSWORD"] != "secret vault/databasePassword" || !strings.HasSuffix(got["SECRET_KEY"], "/SECRET_KEY") || strings.Contains(got["SECRET_KEY"], "vault") {
		t.Errorf("the environment is %v", got)
	}
	data, _ := at(e.one(t, secretType, "backend").revealed, "stringData").(map[string]any)
	if _, found := data["DATABASE_PASSWORD"]; found || len(data) != 4 {
		t.Errorf("the stack's own Secret has %d entries", len(data))
	}
	match(t, e.one(t, deploymentType, "redis"), map[string]any{"spec.template.metadata.annotations": nil, "spec.template.spec.containers.0.args.0": "redis-server"})
}

// Rendered manifests refer to the Secrets without reading their values.
func TestRenderedManifestsReferToExternalSecrets(t *testing.T) {
	s := shipped(t, "onprem").allExternal().set("render.directory", "manifests")
	s.external = nil
	e := s.deployed(t)
	if got := environment(t, e.one(t, deploymentType, "backend"))["SECRET_KEY"]; got != "secret vault/signingKey" {
		t.Errorf("the signing key is %s", got)
	}
	if got := follows(t, e, deploymentType, "backend") + follows(t, e, deploymentType, "redis"); got != "" {
		t.Errorf("the pods follow %s", got)
	}
}

// A private key is projected next to its certificate in the pods, and is nowhere else.
func TestExternallyManagedPrivateKeys(t *testing.T) {
	s, site := certified(t, host, "10.0.0.3")
	chain := testfile.Temporary(t, "us.crt", site.Chain)
	e := s.externallyManaged("tlsKey", site.Key).set("database.certFile", chain).externallyManaged("databaseKey", site.Key).deployed(t)
	chainSecret := certificateSecret("chain", host, "10.0.0.3")
	match(t, e.one(t, secretType, chainSecret), map[string]any{"type": "Opaque", "metadata.name": chainSecret})
	for _, name := range []string{chainSecret, "backend-database"} {
		if got := e.one(t, secretType, name).revealed["stringData"]; !reflect.DeepEqual(got, map[string]any{"tls.crt": site.Chain}) {
			t.Errorf("the Secret %s does not hold just the certificate", name)
		}
	}
	for name, row := range map[string]struct {
		pods registration
		want map[string]string // the key in the Secret vault, by volume
	}{
		"the page":      {e.one(t, deploymentType, "frontend"), map[string]string{"tls": "tlsKey"}},
		"the API":       {e.one(t, deploymentType, "backend"), map[string]string{"tls": "tlsKey", "database": "databaseKey"}},
		"the migration": {e.one(t, jobType, "backend-release"), map[string]string{"database": "databaseKey"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, volume := range list(row.pods, "spec.template.spec.volumes") {
				key, wanted := row.want[fmt.Sprint(at(volume, "name"))]
				if !wanted {
					continue
				}
				delete(row.want, fmt.Sprint(at(volume, "name")))
				own, external := at(volume, "projected.sources.0.secret"), at(volume, "projected.sources.1.secret")
				if at(volume, "projected.defaultMode") != float64(0o440) || fmt.Sprint(at(own, "items")) != "[map[key:tls.crt path:tls.crt]]" || fmt.Sprint(external) != fmt.Sprintf("map[items:[map[key:%s path:tls.key]] name:vault]", key) {
					t.Errorf("the volume is %v", volume)
				}
			}
			if len(row.want) > 0 {
				t.Errorf("%s has no volumes %v", name, row.want)
			}
		})
	}
	for _, r := range e.all("") {
		if strings.Contains(fmt.Sprint(r.revealed), "PRIVATE KEY") {
			t.Errorf("%s has a private key", r.urn)
		}
	}
}

// The program checks the Secret before anything is created.
func TestSecretReferencesAreCheckedBeforeChanges(t *testing.T) {
	cluster, e := newKitchen(t), &engine{}
	cluster.bodies = map[string]string{"/api/v1/namespaces/hankki/secrets/vault": `{"kind":"Secret","apiVersion":"v1","data":{"passwort":"a0VwdA=="}}`}
	s := cluster.stack(t)
	for _, secret := range []string{"databasePassword", "signingKey"} {
		s = s.externallyManaged(secret, "")
	}
	expectRefusal(t, e, s.set("secrets.redisPassword", map[string]any{"name": "elsewhere", "key": "redis"}).set("backend.replicas", 0).whole(e), []string{
		"secrets.databasePassword: Secret hankki/vault lacks the key that secrets.databasePassword.key names: it has the keys passwort", "secrets.signingKey", "no Secret elsewhere", "redisPassword is given twice", "backend.replicas 0",
	})
}

// Pods pull with the externally managed Secret. Neither an object of the stack nor an image nor a provider has credentials.
func TestPodsPullWithExternallyManagedSecret(t *testing.T) {
	for name, s := range map[string]settings{
		"docker":   shipped(t, "onprem").allOn().withPullSecret(),
		"buildkit": shipped(t, "onprem").allOn().withPullSecret().set("images.builder", "buildkit"),
		"in use":   shipped(t, "onprem").allOn().withPullSecret().set("images.use", imagesInUse()),
		"rendered": shipped(t, "onprem").allOn().withPullSecret().set("render.directory", "manifests"),
	} {
		t.Run(name, func(t *testing.T) {
			e := s.deployed(t)
			pods := append(e.all(deploymentType), e.all(jobType)...)
			if len(pods) == 0 {
				t.Fatal("there are no pods")
			}
			for _, r := range pods {
				match(t, r, map[string]any{"spec.template.spec.imagePullSecrets.0.name": "corp-registry"})
			}
			for _, r := range e.all(cronJobType) {
				match(t, r, map[string]any{"spec.jobTemplate.spec.template.spec.imagePullSecrets.0.name": "corp-registry"})
			}
			for _, r := range e.all(secretType) {
				if r.name == "hankki-registry" || r.inputs["type"] == "kubernetes.io/dockerconfigjson" {
					t.Errorf("the stack makes the pull Secret %s", r.name)
				}
			}
			for _, r := range e.all(buildKitImageType) {
				if got := r.inputs["registries"]; got != nil {
					t.Errorf("%s has the credentials %v", r.urn, got)
				}
			}
			for _, r := range e.all(dockerImageType) {
				if got := r.inputs["registry"]; fmt.Sprint(got) != "map[server:registry.example.com]" {
					t.Errorf("%s has the credentials %v", r.urn, got)
				}
			}
			// Credentials that an earlier version gave the provider leave the state.
			for _, r := range e.all(providerPrefix + "docker-build") {
				if r.inputs["registries"] != nil || !slices.Equal(r.ignored, []string{"host"}) {
					t.Errorf("the provider has the inputs %v and ignores changes of %v", r.inputs, r.ignored)
				}
			}
		})
	}
}
