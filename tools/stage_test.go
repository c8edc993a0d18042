package tools_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"

	"hankki/internal/staging"
	"hankki/internal/testfile"
)

// The pinned CLI selects a staged stack and reads its settings. Staging again keeps the stack and its encryption salt.
func TestStagedStackIsUsable(t *testing.T) {
	pulumiCLI(t)
	for name, value := range map[string]string{
		"PULUMI_HOME": t.TempDir(), "PULUMI_BACKEND_URL": "file://" + t.TempDir(),
		"PULUMI_CONFIG_PASSPHRASE": "soup", "PULUMI_SKIP_UPDATE_CHECK": "true",
	} {
		t.Setenv(name, value)
	}
	folder := filepath.Join(t.TempDir(), "staged")
	var salts []string
	for range 2 {
		if err := staging.Stage(t.Context(), "..", "/program", folder, staging.Stack{Name: "dev", Settings: []string{"hankki:kubeContext=lab", "hankki:tls.generate=true"}}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(testfile.Read(t, filepath.Join(folder, "Pulumi.dev.yaml"))) {
			if strings.HasPrefix(line, "encryptionsalt: ") {
				salts = append(salts, line)
			}
		}
	}
	if len(salts) != 2 || salts[0] != salts[1] {
		t.Errorf("the salts are %q", salts)
	}
	s, err := auto.SelectStackLocalSource(t.Context(), "dev", folder)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"hankki:kubeContext": "lab", "hankki:tls.generate": "true", "hankki:generateSecrets": "true"} {
		if got, err := s.GetConfigWithOptions(t.Context(), key, &auto.ConfigOptions{Path: true}); err != nil || got.Value != want {
			t.Errorf("%s is %q (%v), want %q", key, got.Value, err, want)
		}
	}
}
