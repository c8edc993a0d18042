package tools_test

import (
	"os"
	"strings"
	"testing"
)

// module.sh downloads a module that is missing from Go's module cache. Its error has the name of the module.
func TestModule(t *testing.T) {
	for name, c := range map[string]struct{ answer, folder, complaint string }{
		"available":        {`echo '{"Dir": "/modules/m@v1"}'`, "/modules/m@v1", ""},
		"download fails":   {`echo '{"Path": "m", "Error": "no such host"}'; exit 1`, "", "no such host"},
		"go fails":         {`echo 'go: no go.mod' >&2; exit 1`, "", "go: no go.mod"},
		"not a dependency": {`echo '{"Path": "m"}'`, "", "is not available"},
	} {
		t.Run(name, func(t *testing.T) {
			commands := t.TempDir()
			fakeCommand(t, commands, "go", `[[ $* == "mod download -json m" ]] || exit 2; `+c.answer)
			module := script(t, "./module.sh", "pulumi", "m")
			module.Env = []string{"PATH=" + commands + ":" + os.Getenv("PATH")}
			var complaint strings.Builder
			module.Stderr = &complaint
			folder, err := module.Output()
			if strings.TrimSpace(string(folder)) != c.folder || (err == nil) != (c.folder != "") {
				t.Errorf("the folder is %q (%v), want %q; stderr: %q", folder, err, c.folder, complaint.String())
			}
			if !strings.Contains(complaint.String(), c.complaint) || err != nil && !strings.Contains(complaint.String(), "module m") {
				t.Errorf("stderr: %q, want %q for the module m", complaint.String(), c.complaint)
			}
		})
	}
}

// Scripts that need a module fail without it.
func TestScriptsFailWithoutTheModule(t *testing.T) {
	commands := t.TempDir()
	fakeCommand(t, commands, "go", "exit 1")
	for _, command := range []string{"./chart.sh metallb", "./schemas.sh", "../lab/overlay.sh", "pulumi-resource-kubernetes/generate.sh"} {
		t.Run(command, func(t *testing.T) {
			arguments := strings.Fields(command)
			c := script(t, arguments[0], arguments[1:]...)
			c.Env = []string{"PATH=" + commands + ":" + os.Getenv("PATH"), "HANKKI_CACHE=" + t.TempDir()}
			if output, err := c.CombinedOutput(); err == nil || !strings.Contains(string(output), "is not available") {
				t.Errorf("%v, output: %s", err, output)
			}
		})
	}
}
