package tools_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// programVariable has this test's binary be a Pulumi program, in place of one that is compiled for the test.
const programVariable = "HANKKI_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(programVariable) == "" {
		os.Exit(m.Run())
	}
	pulumi.Run(func(ctx *pulumi.Context) error {
		value, _ := ctx.GetConfig("hankki:databasePassword")
		password := pulumi.ToSecret(pulumi.String(value))
		_, err := pulumi.NewStash(ctx, "password", &pulumi.StashArgs{Input: password})
		ctx.Export("password", password)
		return err
	})
}

const (
	vaultToken = "tHe-token"
	vaultKey   = "hankki"
	clearText  = "pLain-database-password"
)

// vault stands in for a Vault with the engine transit: it answers as the documents of its API say
// (https://developer.hashicorp.com/vault/api-docs/secret/transit), and remembers what each ciphertext stands for.
type vault struct {
	*httptest.Server
	mu    sync.Mutex
	plain map[string]string // base64 by ciphertext
	asked map[string]int    // by the last part of the path but one
}

func newVault(t *testing.T) *vault {
	t.Helper()
	v := &vault{plain: map[string]string{}, asked: map[string]int{}}
	v.Server = httptest.NewServer(v)
	t.Cleanup(v.Close)
	return v
}

func (v *vault) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	refuse := func(code int, why string) {
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"errors":[%q]}`, why)
	}
	var asked struct{ Plaintext, Ciphertext string }
	verb, key := filepath.Split(strings.TrimPrefix(r.URL.Path, "/v1/transit/"))
	plain := v.plain
	switch err := json.NewDecoder(r.Body).Decode(&asked); {
	case r.Header.Get("X-Vault-Token") != vaultToken:
		refuse(http.StatusForbidden, "permission denied")
	case r.Method != http.MethodPut && r.Method != http.MethodPost || err != nil:
		refuse(http.StatusMethodNotAllowed, "unsupported operation")
	case key != vaultKey:
		refuse(http.StatusBadRequest, "encryption key not found")
	case verb == "encrypt/":
		ciphertext := fmt.Sprintf("vault:v1:%d", len(plain))
		plain[ciphertext] = asked.Plaintext
		v.asked["encrypt"]++
		fmt.Fprintf(w, `{"data":{"ciphertext":%q,"key_version":1}}`, ciphertext)
	case verb == "decrypt/" && plain[asked.Ciphertext] != "":
		v.asked["decrypt"]++
		fmt.Fprintf(w, `{"data":{"plaintext":%q}}`, plain[asked.Ciphertext])
	default:
		refuse(http.StatusBadRequest, "invalid ciphertext: no prefix")
	}
}

// project is a folder with a small Pulumi project, and a state beside it.
type project struct {
	folder string
	cli    string
	env    []string
}

func newProject(t *testing.T, v *vault) project {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := project{folder: t.TempDir(), cli: pulumiCLI(t)}
	home, state := t.TempDir(), t.TempDir()
	text := fmt.Sprintf("name: hankki\nruntime: {name: go, options: {binary: %q}}\n", program)
	if err := os.WriteFile(filepath.Join(p.folder, "Pulumi.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p.env = []string{
		"PATH=" + filepath.Dir(p.cli) + ":" + os.Getenv("PATH"), "HOME=" + home, "PULUMI_HOME=" + home, "PULUMI_BACKEND_URL=file://" + state,
		"PULUMI_SKIP_UPDATE_CHECK=true", programVariable + "=yes", "VAULT_SERVER_URL=" + v.URL, "VAULT_SERVER_TOKEN=" + vaultToken, "VAULT_MAX_RETRIES=0",
	}
	return p
}

// pulumiCLI is the pinned CLI, which `make tools` builds.
func pulumiCLI(t *testing.T) string {
	t.Helper()
	cache := os.Getenv("HANKKI_CACHE")
	if cache == "" {
		folder, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		cache = filepath.Join(folder, "hankki")
	}
	pinned, err := os.ReadFile("pulumi/ldflags")
	if err != nil {
		t.Fatal(err)
	}
	_, version, _ := strings.Cut(strings.TrimSpace(string(pinned)), "version.Version=")
	onPath, _ := exec.LookPath("pulumi")
	for _, cli := range []string{filepath.Join(cache, "bin/pulumi"), onPath} {
		if out, err := exec.Command(cli, "version").Output(); err == nil && strings.TrimSpace(string(out)) == version {
			return cli
		}
	}
	t.Fatalf("there is no Pulumi CLI %s, neither in %s/bin nor on PATH: `make tools` builds it", version, cache)
	return ""
}

// try runs the CLI with a standard input, and gives all it says. Variables come after those of the project.
func (p project) try(t *testing.T, input string, variables []string, arguments ...string) (said string, err error) {
	t.Helper()
	c := exec.Command(p.cli, append(arguments, "--non-interactive")...)
	c.Dir, c.Env, c.Stdin = p.folder, slices.Concat(p.env, variables), strings.NewReader(input)
	out, err := c.CombinedOutput()
	return string(out), err
}

func (p project) run(t *testing.T, input string, arguments ...string) string {
	t.Helper()
	said, err := p.try(t, input, nil, arguments...)
	if err != nil {
		t.Fatalf("pulumi %s: %v\n%s", strings.Join(arguments, " "), err, said)
	}
	return said
}

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
