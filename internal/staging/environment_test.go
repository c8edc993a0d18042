package staging

import (
	"os"
	"path/filepath"
	"testing"

	"hankki/internal/testfile"
)

// A rendering uses the plugins of the user's Pulumi. Its CLI can't write a debug log, and sees neither a login nor a cluster.
func TestEnvironment(t *testing.T) {
	users, folder := t.TempDir(), t.TempDir()
	testfile.Write(t, filepath.Join(users, "plugins/resource-x/x"), "plugin")
	testfile.Write(t, filepath.Join(users, "credentials.json"), "{}")
	t.Setenv("PULUMI_HOME", users)
	variables, err := Environment(folder)
	if err != nil {
		t.Fatal(err)
	}
	home := variables["PULUMI_HOME"]
	if got := testfile.Read(t, filepath.Join(home, "plugins/resource-x/x")); got != "plugin" {
		t.Errorf("the plugin is %q", got)
	}
	if info, err := os.Stat(filepath.Join(home, "logs")); err != nil || !info.Mode().IsRegular() {
		t.Errorf("logs is no file: %v (%v)", info, err)
	}
	if _, err := os.Stat(filepath.Join(home, "credentials.json")); !os.IsNotExist(err) {
		t.Errorf("the user's login is visible: %v", err)
	}
	if variables["PULUMI_BACKEND_URL"] != "file://"+folder || variables["KUBECONFIG"] != os.DevNull {
		t.Errorf("the variables are %v", variables)
	}
}
