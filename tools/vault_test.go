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

// expectHidden demands that neither the state nor the stack's file shows the secret, and that the CLI can.
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
		t.Errorf("the state has no secret that Vault protects:\n%s", state)
	}
	if strings.Contains(string(file)+state, clearText) {
		t.Error("the secret stands in plain text")
	}
	for _, arguments := range [][]string{{"config", "get", "hankki:databasePassword"}, {"stack", "output", "password", "--show-secrets"}} {
		if said := strings.TrimSpace(p.run(t, "", append(arguments, "--stack", stack)...)); said != clearText {
			t.Errorf("pulumi %s says %q", strings.Join(arguments, " "), said)
		}
	}
}

// A company's Vault may hold the key of the state's secrets, as docs/operations.md says.
func TestVaultHoldsTheKeyOfTheState(t *testing.T) {
	v := newVault(t)
	p := newProject(t, v)
	p.run(t, "", "stack", "init", "new", "--secrets-provider", "hashivault://"+vaultKey)
	p.run(t, clearText, "config", "set", "--secret", "hankki:databasePassword", "--stack", "new")
	p.run(t, "", "up", "--yes", "--skip-preview", "--stack", "new")
	p.expectHidden(t, "new")
	if v.asked["encrypt"] == 0 || v.asked["decrypt"] == 0 {
		t.Errorf("Vault was asked for %v", v.asked)
	}
	for ciphertext := range v.plain {
		if strings.Contains(v.plain[ciphertext], clearText) {
			t.Error("Vault gets the secret itself, not only the key of the stack")
		}
	}
}

// A stack that has a passphrase changes to Vault, with its secrets.
func TestAStackChangesToVault(t *testing.T) {
	p := newProject(t, newVault(t))
	p.env = append(p.env, "PULUMI_CONFIG_PASSPHRASE=former-passphrase")
	p.run(t, "", "stack", "init", "old")
	p.run(t, clearText, "config", "set", "--secret", "hankki:databasePassword", "--stack", "old")
	p.run(t, "", "up", "--yes", "--skip-preview", "--stack", "old")
	p.run(t, "", "stack", "change-secrets-provider", "hashivault://"+vaultKey, "--stack", "old")
	p.env = append(p.env, "PULUMI_CONFIG_PASSPHRASE=forgotten")
	p.expectHidden(t, "old")
}

// What does not work says why, and changes nothing.
func TestWithoutVaultTheReasonIsSaid(t *testing.T) {
	v := newVault(t)
	p := newProject(t, v)
	p.run(t, "", "stack", "init", "new", "--secrets-provider", "hashivault://"+vaultKey)
	p.run(t, clearText, "config", "set", "--secret", "hankki:databasePassword", "--stack", "new")
	address := v.URL
	refused := func(words []string, variables []string, arguments ...string) {
		t.Helper()
		said, err := p.try(t, clearText, variables, arguments...)
		if err == nil {
			t.Errorf("pulumi %s succeeds:\n%s", strings.Join(arguments, " "), said)
		}
		for _, word := range words {
			if !strings.Contains(said, word) {
				t.Errorf("pulumi %s does not name %q:\n%s", strings.Join(arguments, " "), word, said)
			}
		}
		if arguments[0] != "config" && strings.Contains(said, clearText) {
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
