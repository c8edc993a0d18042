package tools_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// syft uses the scheme, the user and the certificate authority of the stack's registry.
func TestSBOMReachesTheRegistry(t *testing.T) {
	for name, c := range map[string]struct {
		registry string // the key registry of the stack's configuration
		password string // the key registryPassword
		want     []string
		not      string
	}{
		"plain http":         {`{"server": "r:5000", "insecure": true}`, "", []string{"SYFT_REGISTRY_INSECURE_USE_HTTP=true"}, "CA_CERT"},
		"a user":             {`{"server": "r", "username": "u"}`, "secret", []string{"AUTH_AUTHORITY=r", "AUTH_USERNAME=u", "AUTH_PASSWORD=secret"}, "CA_CERT"},
		"an absolute caFile": {`{"server": "r", "caFile": "/etc/ca.pem"}`, "", []string{"SYFT_REGISTRY_CA_CERT=/etc/ca.pem"}, "AUTH_"},
		"a relative caFile":  {`{"server": "r", "caFile": "ca.pem"}`, "", []string{"SYFT_REGISTRY_CA_CERT=PROJECT/ca.pem"}, "AUTH_"},
		"a reference":        {`{"server": "r", "username": "u"}`, "", []string{"SYFT_REGISTRY_INSECURE_USE_HTTP=false"}, "AUTH_"},
	} {
		t.Run(name, func(t *testing.T) {
			commands, project, out := t.TempDir(), t.TempDir(), t.TempDir()
			fakeCommand(t, commands, "pulumi", `case "$*" in
*output*) echo '{"backend": "r/hankki-backend@sha256:1"}' ;;
*) echo '{"hankki:registry": {"objectValue": `+c.registry+`}, "hankki:registryPassword": {"value": "`+c.password+`"}}' ;;
esac`)
			fakeCommand(t, commands, "syft", `env | grep ^SYFT_ >`+out+`/environment
for argument; do if [[ $argument == spdx-json=* ]]; then echo '{"packages": []}' >"${argument#*=}"; fi; done`)
			sbom := script(t, "./sbom.sh", project, "onprem", out)
			sbom.Env = []string{"PATH=" + commands + ":" + os.Getenv("PATH")}
			if output, err := sbom.CombinedOutput(); err != nil {
				t.Fatalf("sbom.sh: %v\n%s", err, output)
			}
			environment, err := os.ReadFile(filepath.Join(out, "environment"))
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if want = strings.ReplaceAll(want, "PROJECT", project); !strings.Contains(string(environment), want+"\n") {
					t.Errorf("%s is not in\n%s", want, environment)
				}
			}
			if strings.Contains(string(environment), c.not) {
				t.Errorf("%s is in\n%s", c.not, environment)
			}
		})
	}
}
