package tools_test

import (
	"strings"
	"testing"
)

// FORM=json selects JSON for each target that runs the command hankki on a stack; without it the result is text.
func TestTargetsPrintJSON(t *testing.T) {
	for _, target := range []string{
		"adopt", "backup", "backups", "destroy", "drift", "handover FROM=default", "move TO=kitchen", "plan", "promote FROM=dev TO=onprem", "releases",
		"restore FROM=dump", "review", "rollback",
	} {
		name, _, _ := strings.Cut(target, " ")
		for form, want := range map[string]bool{"FORM=json": true, "FORM=": false} {
			found := false
			for line := range strings.Lines(dryRun(t, append(strings.Fields(target), "STACK=onprem", form)...)) {
				if strings.Contains(line, "/command/hankki "+name+" ") {
					found = true
					if strings.Contains(line, "--output json") != want {
						t.Errorf("make %s %s runs %s", target, form, line)
					}
				}
			}
			if !found {
				t.Errorf("make %s does not run hankki %s", target, name)
			}
		}
	}
}
