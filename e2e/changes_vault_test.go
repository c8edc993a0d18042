package e2e

import (
	"encoding/base64"
	"encoding/json"
	"maps"
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
	object, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "Secret", "metadata": map[string]string{"name": "vault", "namespace": "hankki"}, "stringData": values,
	})
	if err != nil {
		t.Fatal(err)
	}
	apply := w.l.command(time.Minute, "lab/lab", "kubectl", "apply", "--server-side", "-f", "-")
	apply.Stdin = strings.NewReader(string(object))
	if out, err := apply.CombinedOutput(); err != nil {
		t.Fatalf("writing the Secret vault: %v\n%s", err, out)
	}
	t.Cleanup(func() {
		_ = w.l.command(time.Minute, "lab/lab", "kubectl", "-n", "hankki", "delete", "secret", "vault", "--ignore-not-found").Run() // a destroy reports it if it is still there
	})
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
