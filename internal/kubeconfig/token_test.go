package kubeconfig_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/rest"

	"hankki/internal/kubeconfig"
)

// The kubeconfig has the address and the authority of the cluster, and no credentials of the user who created it.
func TestKubeconfigWithToken(t *testing.T) {
	folder := t.TempDir()
	authority := filepath.Join(folder, "ca.crt")
	if err := os.WriteFile(authority, []byte("the authority"), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := kubeconfig.WithToken(&rest.Config{
		Host: "https://10.0.0.1:6443", BearerToken: "of the administrator", Username: "admin", Password: "secret",
		TLSClientConfig: rest.TLSClientConfig{CAFile: authority, ServerName: "kubernetes", CertData: []byte("certificate"), KeyData: []byte("key")},
	}, "shop", "sweets", "of the deployer")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "kubeconfig")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KUBECONFIG", file)
	client, err := kubeconfig.Load("")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{client.Host, client.BearerToken, client.Username, client.Password, client.ServerName, string(client.CAData), string(client.CertData), string(client.KeyData)}
	if difference := cmp.Diff([]string{"https://10.0.0.1:6443", "of the deployer", "", "", "kubernetes", "the authority", "", ""}, got); difference != "" {
		t.Error(difference)
	}
}
