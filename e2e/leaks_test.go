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

// checkNoSecretInPlainText searches for secrets, plain, URL-encoded and in base64: in the output of all ups, in the state with
// its history and backups, in a preview that changes a secret, and in the logs of current and earlier pods. The secrets are the
// configured ones and others, by name.
func checkNoSecretInPlainText(t *testing.T, l lab, s stack, printed, logged string, others map[string]string) {
	t.Helper()
	const key, previewed = "hankki:signingKeyFallbacks", "a-key-that-only-a-preview-contains-"
	if err := s.SetConfig(t.Context(), key, auto.ConfigValue{Value: previewed, Secret: true}); err != nil {
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
			t.Fatalf("%s lacks %q, so it can't be searched for secrets", place, sign)
		}
	}
	secrets := map[string]string{"the key of the preview": previewed}
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

// logs returns the logs of all containers of the site.
func (l lab) logs(t *testing.T) string {
	t.Helper()
	return l.kubectl(t, logsOfAll...)
}

var logsOfAll = []string{"logs", "-n", "hankki", "-l", "app.kubernetes.io/part-of=hankki", "--all-containers", "--tail=-1", "--max-log-requests=50", "--ignore-errors"}
