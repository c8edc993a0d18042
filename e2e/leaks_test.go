package e2e

import (
	"encoding/base64"
	"maps"
	"net/url"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
)

// checkNoSecretIsSeen looks for secrets, as they are and as they are encoded on their way, where people and programs read:
// in what was printed, in the state as it lies there with its history and backups, in a preview that changes one of them,
// and in the logs of all pods, with those of before. The secrets are those that were set and others, by name.
func checkNoSecretIsSeen(t *testing.T, l lab, s stack, printed, logged string, others map[string]string) {
	t.Helper()
	const key, coming = "hankki:signingKeyFallbacks", "a-key-that-comes-in-a-preview-only-"
	if err := s.SetConfig(t.Context(), key, auto.ConfigValue{Value: coming, Secret: true}); err != nil {
		t.Fatal(err)
	}
	var preview strings.Builder
	if _, err := s.Preview(t.Context(), optpreview.Diff(), optpreview.ProgressStreams(&preview), optpreview.ErrorProgressStreams(&preview)); err != nil {
		t.Fatalf("pulumi preview --diff: %v\n%s", err, preview.String())
	}
	if err := s.RemoveConfig(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	places := map[string]string{"output of up": printed, "preview --diff": preview.String(), "state": contents(t, s.state), "logs": logged + l.logs(t)}
	for place, sign := range map[string]string{"state": "hankki:components:Backend", "preview --diff": "[secret]", "logs": `"request_id"`} {
		if !strings.Contains(places[place], sign) {
			t.Fatalf("%s has no %q: it is not what it should be", place, sign)
		}
	}
	secrets := map[string]string{"the key to come": coming}
	maps.Copy(secrets, s.secrets)
	maps.Copy(secrets, others)
	for name, value := range secrets {
		for place, text := range places {
			for _, form := range []string{value, url.QueryEscape(value), encoded(value), encoded("hankki:" + value)} {
				if strings.Contains(text, form) {
					t.Errorf("%s is in the %s", name, place)
					break
				}
			}
		}
	}
}

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// logs are those of all containers of ours.
func (l lab) logs(t *testing.T) string {
	t.Helper()
	return l.kubectl(t, logsOfAll...)
}

var logsOfAll = []string{"logs", "-n", "hankki", "-l", "app.kubernetes.io/part-of=hankki", "--all-containers", "--tail=-1", "--max-log-requests=50", "--ignore-errors"}
