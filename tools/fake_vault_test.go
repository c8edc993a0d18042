package tools_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"
)

// vault is a fake of Vault's transit engine, after its API documentation
// (https://developer.hashicorp.com/vault/api-docs/secret/transit). It keeps the plain text of each ciphertext.
type vault struct {
	*httptest.Server
	mu       sync.Mutex
	plain    map[string]string // base64, by ciphertext
	requests map[string]int    // by operation: encrypt, decrypt
}

func newVault(t *testing.T) *vault {
	t.Helper()
	v := &vault{plain: map[string]string{}, requests: map[string]int{}}
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
	var request struct{ Plaintext, Ciphertext string }
	verb, key := path.Split(strings.TrimPrefix(r.URL.Path, "/v1/transit/"))
	plain := v.plain
	switch err := json.NewDecoder(r.Body).Decode(&request); {
	case r.Header.Get("X-Vault-Token") != vaultToken:
		refuse(http.StatusForbidden, "permission denied")
	case r.Method != http.MethodPut && r.Method != http.MethodPost || err != nil:
		refuse(http.StatusMethodNotAllowed, "unsupported operation")
	case key != vaultKey:
		refuse(http.StatusBadRequest, "encryption key not found")
	case verb == "encrypt/":
		ciphertext := fmt.Sprintf("vault:v1:%d", len(plain))
		plain[ciphertext] = request.Plaintext
		v.requests["encrypt"]++
		fmt.Fprintf(w, `{"data":{"ciphertext":%q,"key_version":1}}`, ciphertext)
	case verb == "decrypt/" && plain[request.Ciphertext] != "":
		v.requests["decrypt"]++
		fmt.Fprintf(w, `{"data":{"plaintext":%q}}`, plain[request.Ciphertext])
	default:
		refuse(http.StatusBadRequest, "invalid ciphertext: no prefix")
	}
}
