package stacktest

import (
	"cmp"
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// PreviewStep is an operation of the engine in a preview.
type PreviewStep struct {
	Op                 apitype.OpType
	OldState, NewState *apitype.ResourceV3 // nil if the resource does not exist before or after the operation
}

// State returns the resource after the operation, or before it if the operation deletes it.
func (s PreviewStep) State() *apitype.ResourceV3 { return cmp.Or(s.NewState, s.OldState) }

// PreviewSteps runs the command, a `pulumi preview --json`, and returns its steps. It fails the test if the command fails.
func PreviewSteps(t *testing.T, preview *exec.Cmd) []PreviewStep {
	t.Helper()
	printed, err := preview.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", preview, err, printed)
	}
	var result struct{ Steps []PreviewStep }
	if err := json.Unmarshal(printed, &result); err != nil {
		t.Fatal(err)
	}
	return result.Steps
}
