package tools_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	vaultToken = "tHe-token"
	vaultKey   = "hankki"
	clearText  = "pLain-database-password"
)

// expectHidden checks that neither the state nor the stack's file has the secret in plain text, and that the CLI decrypts it.
func (p project) expectHidden(t *testing.T, stack string) {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(p.folder, "Pulumi."+stack+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(file), "secretsprovider: hashivault://"+vaultKey) || !strings.Contains(string(file), "encryptedkey:") {
		t.Errorf("the stack's file does not name Vault:\n%s", file)
	}
	state := p.run(t, "", "stack", "export", "--stack", stack)
	if !strings.Contains(state, "hashivault://"+vaultKey) || !strings.Contains(state, `"ciphertext"`) {
		t.Errorf("the state has no secret encrypted with the key in Vault:\n%s", state)
	}
	if strings.Contains(string(file)+state, clearText) {
		t.Error("the secret is stored in plain text")
	}
	for _, arguments := range [][]string{{"config", "get", "hankki:databasePassword"}, {"stack", "output", "password", "--show-secrets"}} {
		if output := strings.TrimSpace(p.run(t, "", append(arguments, "--stack", stack)...)); output != clearText {
			t.Errorf("pulumi %s prints %q", strings.Join(arguments, " "), output)
		}
	}
}

// docs/operations.md describes Vault as the secrets provider of a stack.
func TestVaultAsSecretsProvider(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	p := newProject(t, v)
	p.run(t, "", "stack", "init", "new", "--secrets-provider", "hashivault://"+vaultKey)
	p.run(t, clearText, "config", "set", "--secret", "hankki:databasePassword", "--stack", "new")
	p.run(t, "", "up", "--yes", "--skip-preview", "--stack", "new")
	p.expectHidden(t, "new")
	if v.requests["encrypt"] == 0 || v.requests["decrypt"] == 0 {
		t.Errorf("Vault received the requests %v", v.requests)
	}
	for ciphertext := range v.plain {
		if strings.Contains(v.plain[ciphertext], clearText) {
			t.Error("Vault received the secret itself, not only the stack's key")
		}
	}
}

// A stack with a passphrase is changed to Vault and keeps its secrets.
func TestChangeFromPassphraseToVault(t *testing.T) {
	t.Parallel()
	p := newProject(t, newVault(t))
	p.env = append(p.env, "PULUMI_CONFIG_PASSPHRASE=former-passphrase")
	p.run(t, "", "stack", "init", "old")
	p.run(t, clearText, "config", "set", "--secret", "hankki:databasePassword", "--stack", "old")
	p.run(t, "", "up", "--yes", "--skip-preview", "--stack", "old")
	p.run(t, "", "stack", "change-secrets-provider", "hashivault://"+vaultKey, "--stack", "old")
	p.env = append(p.env, "PULUMI_CONFIG_PASSPHRASE=forgotten")
	p.expectHidden(t, "old")
}

// Each failure has an error message with its cause.
func TestVaultErrors(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	p := newProject(t, v)
	p.run(t, "", "stack", "init", "new", "--secrets-provider", "hashivault://"+vaultKey)
	p.run(t, clearText, "config", "set", "--secret", "hankki:databasePassword", "--stack", "new")
	address := v.URL
	refused := func(words []string, variables []string, arguments ...string) {
		t.Helper()
		output, err := p.try(t, clearText, variables, arguments...)
		if err == nil {
			t.Errorf("pulumi %s succeeds:\n%s", strings.Join(arguments, " "), output)
		}
		for _, word := range words {
			if !strings.Contains(output, word) {
				t.Errorf("pulumi %s does not name %q:\n%s", strings.Join(arguments, " "), word, output)
			}
		}
		if arguments[0] != "config" && strings.Contains(output, clearText) {
			t.Errorf("pulumi %s prints the secret", strings.Join(arguments, " "))
		}
	}
	get := []string{"config", "get", "hankki:databasePassword", "--stack", "new"}
	up := []string{"up", "--yes", "--skip-preview", "--stack", "new"}
	refused([]string{address, "permission denied"}, []string{"VAULT_SERVER_TOKEN=expired"}, get...)
	refused([]string{"VAULT_SERVER_URL"}, []string{"VAULT_SERVER_URL="}, get...)
	refused([]string{"encryption key not found"}, nil, "stack", "init", "other", "--secrets-provider", "hashivault://no-such-key")
	v.Close()
	refused([]string{address, "connection refused"}, nil, get...)
	refused([]string{address, "connection refused"}, nil, up...)
}
