package staging

import (
	"fmt"
	"os"
	"path/filepath"
)

// Environment returns the variables of a stack that is only rendered: it reaches no cluster, and its state and the CLI's home are in
// the folder, which must exist. The home has the plugins of $PULUMI_HOME. It has no debug log, whose writing takes half of the time of
// a preview: the CLI has no option for that, but writes none if `logs` is a file.
func Environment(folder string) (map[string]string, error) {
	home := filepath.Join(folder, "pulumi-home")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(home, "logs"), nil, 0o600); err != nil {
		return nil, err
	}
	plugins, err := filepath.Abs(filepath.Join(os.Getenv("PULUMI_HOME"), "plugins"))
	if err != nil {
		return nil, fmt.Errorf("plugins of $PULUMI_HOME: %w", err)
	}
	if err := os.Symlink(plugins, filepath.Join(home, "plugins")); err != nil {
		return nil, err
	}
	return map[string]string{
		"PULUMI_HOME": home, "PULUMI_BACKEND_URL": "file://" + folder, "PULUMI_CONFIG_PASSPHRASE": "rendering", "PULUMI_CONFIG_PASSPHRASE_FILE": "",
		"PULUMI_SKIP_UPDATE_CHECK": "true", "KUBECONFIG": os.DevNull,
	}, nil
}
