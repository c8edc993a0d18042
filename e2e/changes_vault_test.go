package e2e

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// writeVaultSecret writes the Secret vault, as another system would. Its values are those of the stack, overridden by others.
func (w *site) writeVaultSecret(t *testing.T, others map[string]string) {
	t.Helper()
	values := map[string]string{
		"jwt": w.secrets["hankki:signingKey"], "redis": w.secrets["hankki:redisPassword"], "postgres": w.secrets["hankki:databasePassword"],
	}
	maps.Copy(values, others)
	w.writeSecret(t, "vault", "Opaque", values)
}

// writeSecret writes a Secret, which is deleted after the test.
func (w *site) writeSecret(t *testing.T, name, typ string, values map[string]string) {
	t.Helper()
	object, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "Secret", "type": typ, "metadata": map[string]string{"name": name, "namespace": "hankki"}, "stringData": values,
	})
	if err != nil {
		t.Fatal(err)
	}
	apply := w.l.command(time.Minute, "lab/lab", "kubectl", "apply", "--server-side", "-f", "-")
	apply.Stdin = strings.NewReader(string(object))
	if out, err := apply.CombinedOutput(); err != nil {
		t.Fatalf("writing the Secret %s: %v\n%s", name, err, out)
	}
	t.Cleanup(func() {
		_ = w.l.command(time.Minute, "lab/lab", "kubectl", "-n", "hankki", "delete", "secret", name, "--ignore-not-found").Run() // a destroy reports it if it is still there
	})
}

// stateLacksRemoved checks that the state, decrypted, has none of the secrets that a change has removed from the configuration.
func (w *site) stateLacksRemoved(t *testing.T, set map[string]string) {
	t.Helper()
	for path, value := range set {
		secret := w.secrets["hankki:"+path]
		if value != "" || secret == "" {
			continue
		}
		state, err := w.Export(t.Context()) // with decrypted secrets
		if err != nil {
			t.Fatal(err)
		}
		has := func(secret string) bool {
			return slices.ContainsFunc([]string{secret, encoded(secret), encoded("hankki:" + secret)}, func(form string) bool {
				return strings.Contains(string(state.Deployment), form)
			})
		}
		if !has(w.secrets["hankki:databasePassword"]) && !has(w.secrets["hankki:signingKey"]) {
			t.Fatal("the exported state has no secret at all, so it can't be searched for one")
		}
		if has(secret) {
			t.Errorf("the state still has %s", path)
		}
	}
}

// preparePullSecret logs in to the registry on this machine, and writes that login into the Secret corp-registry.
func preparePullSecret(t *testing.T, w *site) {
	t.Helper()
	const server = "127.0.0.1:5001"
	folder := filepath.Join(w.l.folder, "docker") // DOCKER_CONFIG of `make test-changes`
	login := w.l.command(time.Minute, "crane", "auth", "login", server, "--username", "hankki", "--password-stdin")
	login.Env = append(os.Environ(), "DOCKER_CONFIG="+folder)
	login.Stdin = strings.NewReader(w.secrets["hankki:registryPassword"])
	if out, err := login.CombinedOutput(); err != nil {
		t.Fatalf("crane auth login: %v\n%s", err, out)
	}
	file := filepath.Join(folder, "config.json")
	t.Cleanup(func() {
		if err := os.Remove(file); err != nil {
			t.Error(err)
		}
	})
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w.writeSecret(t, "corp-registry", "kubernetes.io/dockerconfigjson", map[string]string{".dockerconfigjson": string(text)})
}

// prepareVaultOfDev writes the generated password of PostgreSQL into the Secret vault. The Deployment refers to its Secret.
func prepareVaultOfDev(t *testing.T, w *site) {
	t.Helper()
	const of = "{.spec.template.spec.containers[0].env[?(@.name=='POSTGRES_PASSWORD')].valueFrom.secretKeyRef.name}"
	name := w.l.kubectl(t, "-n", "hankki", "get", "deployment", "postgres", "-o", "jsonpath="+of)
	encoded := w.l.kubectl(t, "-n", "hankki", "get", "secret", strings.TrimSpace(name), "-o", "jsonpath={.data.password}")
	password, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil {
		t.Fatal(err)
	}
	w.writeVaultSecret(t, map[string]string{"postgres": string(password), "jwt": "not-used", "redis": "not-used"})
}
