package tools_test

import (
	"os"
	"strings"
	"testing"
)

// Go's module cache may have been emptied: what is not there is fetched, and what cannot be is an error that names it.
func TestModule(t *testing.T) {
	for name, c := range map[string]struct{ answer, folder, complaint string }{
		"there or fetched":  {`echo '{"Dir": "/modules/m@v1"}'`, "/modules/m@v1", ""},
		"cannot be fetched": {`echo '{"Path": "m", "Error": "no such host"}'; exit 1`, "", "no such host"},
		"no answer":         {`echo 'go: no go.mod' >&2; exit 1`, "", "go: no go.mod"},
		"not a dependency":  {`echo '{"Path": "m"}'`, "", "cannot be had"},
	} {
		t.Run(name, func(t *testing.T) {
			commands := t.TempDir()
			stub(t, commands, "go", `[[ $* == "mod download -json m" ]] || exit 2; `+c.answer)
			module := script(t, "./module.sh", "pulumi", "m")
			module.Env = []string{"PATH=" + commands + ":" + os.Getenv("PATH")}
			var complaint strings.Builder
			module.Stderr = &complaint
			folder, err := module.Output()
			if strings.TrimSpace(string(folder)) != c.folder || (err == nil) != (c.folder != "") {
				t.Errorf("the folder is %q (%v), want %q; said: %q", folder, err, c.folder, complaint.String())
			}
			if !strings.Contains(complaint.String(), c.complaint) || err != nil && !strings.Contains(complaint.String(), "module m") {
				t.Errorf("said: %q, want %q of the module m", complaint.String(), c.complaint)
			}
		})
	}
}

// Who asks for a part of a module does not go on without it.
func TestNobodyGoesOnWithoutTheModule(t *testing.T) {
	commands := t.TempDir()
	stub(t, commands, "go", "exit 1")
	for _, command := range []string{"./chart.sh metallb", "./schemas.sh", "../lab/overlay.sh", "pulumi-resource-kubernetes/generate.sh"} {
		arguments := strings.Fields(command)
		c := script(t, arguments[0], arguments[1:]...)
		c.Env = []string{"PATH=" + commands + ":" + os.Getenv("PATH"), "HANKKI_CACHE=" + t.TempDir()}
		if said, err := c.CombinedOutput(); err == nil || !strings.Contains(string(said), "cannot be had") {
			t.Errorf("%s: %v, said: %s", command, err, said)
		}
	}
}
