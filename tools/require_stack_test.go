package tools_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// A stack is created only for the targets that may deploy it the first time, and only if the project has its file. The selected stack
// stays selected.
func TestMistypedStackIsNotCreated(t *testing.T) {
	t.Parallel()
	p := newProject(t, newVault(t))
	p.env = append(p.env, "PULUMI_CONFIG_PASSPHRASE=of-the-kitchen", "PATH="+filepath.Dir(p.cli)+":"+p.environment()["PATH"])
	p.run(t, "", "stack", "init", "selected")
	testfile.Write(t, filepath.Join(p.folder, "Pulumi.onprem.yaml"), "config: {}\n")
	stacks := func() string { return p.run(t, "", "stack", "ls", "--json") }
	for _, c := range []struct {
		arguments, backend string
		words              string // of the error; empty: none
		created            bool
	}{
		{"onprme create", "", "no Pulumi.onprme.yaml", false},
		{"onprem", "", "`pulumi stack init onprem`", false},
		{"onprem create", "file:///no/such/backend", "/no/such/backend", false},
		{"onprem create", "", "", true},
		{"onprem create", "", "", true},
		{"onprem", "", "", true},
	} {
		path, err := filepath.Abs("require-stack.sh")
		if err != nil {
			t.Fatal(err)
		}
		command := script(t, path, strings.Fields(c.arguments)...)
		command.Dir, command.Env = p.folder, slices.Clone(p.env)
		if c.backend != "" {
			command.Env = append(command.Env, "PULUMI_BACKEND_URL="+c.backend)
		}
		output, err := command.CombinedOutput()
		if (err != nil) != (c.words != "") || !strings.Contains(string(output), c.words) {
			t.Errorf("require-stack.sh %s: %v, %s; want %q", c.arguments, err, output, c.words)
		}
		all := stacks()
		if created := strings.Contains(all, "onpr"); created != c.created {
			t.Errorf("after require-stack.sh %s the stack exists: %t", c.arguments, created)
		}
		if selected := strings.TrimSpace(p.run(t, "", "stack", "--show-name")); selected != "selected" {
			t.Errorf("after require-stack.sh %s the stack %s is selected", c.arguments, selected)
		}
	}
}

func TestTargetsThatCreateAStack(t *testing.T) {
	for target, creates := range map[string]bool{
		"pulumi-up": true, "preview": true, "plan": true, "adopt": true, "handover FROM=default": true, "move TO=kitchen": false, "restore FROM=dump": false,
	} {
		commands := dryRun(t, append(strings.Fields(target), "STACK=onprem")...)
		line := ""
		for l := range strings.Lines(commands) {
			if strings.Contains(l, "require-stack.sh onprem") {
				line = l
			}
		}
		if line == "" || strings.Contains(line, " create") != creates {
			t.Errorf("make %s runs %q in\n%s", target, line, commands)
		}
	}
}
