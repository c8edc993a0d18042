package testfile

import (
	"path/filepath"
	"strings"
	"testing"
	"text/template"
)

var kubeconfig = template.Must(template.New("kubeconfig").Parse(`apiVersion: v1
kind: Config
current-context: {{.Current}}
users: [{name: cook, user: {token: cook-token}}]
clusters:{{range $name, $url := .Servers}}
- {name: {{$name}}, cluster: {server: "{{$url}}"}}{{end}}
contexts:{{range $name, $url := .Servers}}
- {name: {{$name}}, context: {cluster: {{$name}}, user: cook}}{{end}}
`))

// UseKubeconfig makes the test use a kubeconfig with one context per server, by the URLs of the servers, and hides the machine's
// own. The user of all contexts has the token cook-token.
func UseKubeconfig(t *testing.T, servers map[string]string, current string) {
	t.Helper()
	HideKubeconfig(t)
	var text strings.Builder
	if err := kubeconfig.Execute(&text, map[string]any{"Servers": servers, "Current": current}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "kubeconfig")
	Write(t, file, text.String())
	t.Setenv("KUBECONFIG", file)
}

// HideKubeconfig hides the machine's kubeconfig, and the cluster of the pod that the test may run in.
func HideKubeconfig(t *testing.T) {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	t.Setenv("KUBECONFIG", filepath.Join(t.TempDir(), "missing"))
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
}
