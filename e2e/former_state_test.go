package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// formerState is the state of the stack dev as the program of commit e63dba3 left it. Secrets are placeholders, and the
// schemas of definitions are cut out.
const formerState = "testdata/state-e63dba3.json"

// checkFormerState previews the stack dev with a state of an earlier version: no resource is replaced or deleted but the release
// Job, which can't be updated and belongs to an image. The objects need not exist for that, since the plugin compares with the
// state and asks the cluster by server-side apply.
func checkFormerState(t *testing.T, l lab) {
	s := stage(t, l, "dev")
	text, err := os.ReadFile(formerState)
	if err != nil {
		t.Fatal(err)
	}
	var state apitype.UntypedDeployment
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	state.Deployment = withSecretsProvider(t, state.Deployment, s)
	if err := s.Import(t.Context(), state); err != nil {
		t.Fatal(err)
	}
	preview, err := s.Preview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := preview.ChangeSummary
	if got["update"]+got["same"] < 60 {
		t.Errorf("only %d resources are updated and %d unchanged", got["update"], got["same"])
	}
	for operation, n := range got {
		// What the version adds is created: the owner and the cluster.
		most := map[apitype.OpType]int{apitype.OpSame: n, apitype.OpUpdate: n, apitype.OpCreate: 2, apitype.OpReplace: 1}
		if n > most[operation] {
			t.Errorf("%d x %s:\n%s", n, operation, preview.StdOut)
		}
	}
}

// withSecretsProvider has the state's secrets encrypted for the stack that imports it.
func withSecretsProvider(t *testing.T, state json.RawMessage, s stack) json.RawMessage {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(s.folder, "Pulumi.dev.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	salt := regexp.MustCompile(`(?m)^encryptionsalt: (\S+)$`).FindSubmatch(file)
	if salt == nil {
		t.Fatal("the stack has no salt")
	}
	var deployment map[string]any
	if err := json.Unmarshal(state, &deployment); err != nil {
		t.Fatal(err)
	}
	deployment["secrets_providers"] = map[string]any{"type": "passphrase", "state": map[string]any{"salt": string(salt[1])}}
	encoded, err := json.Marshal(deployment)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}
