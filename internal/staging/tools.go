package staging

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"hankki/internal/config"
)

// Tools makes sure that Pulumi has the Kubernetes plugin, and returns the charts of the pinned modules. Both are those of the
// checkout: its own scripts build or locate them. Rendering must work without internet access.
func Tools(ctx context.Context, checkout string) (Charts, error) {
	if _, err := run(ctx, checkout, "tools/plugin.sh", "kubernetes"); err != nil {
		return nil, err
	}
	charts := Charts{}
	for section, name := range map[string]string{config.Project + ":metallb": "metallb", metricsServer: "metrics-server"} {
		folder, err := run(ctx, checkout, "tools/chart.sh", name)
		if err != nil {
			return nil, err
		}
		charts[section] = folder
	}
	return charts, nil
}

// run runs a script of the checkout and returns its output.
func run(ctx context.Context, checkout, script string, args ...string) (string, error) {
	checkout, err := filepath.Abs(checkout)
	if err != nil {
		return "", fmt.Errorf("checkout %s: %w", checkout, err)
	}
	c := exec.CommandContext(ctx, filepath.Join(checkout, script), args...) //nolint:gosec // a script of the checkout
	c.Dir, c.Env = checkout, append(os.Environ(), "GOWORK=off")
	var out, log bytes.Buffer
	c.Stdout, c.Stderr = &out, &log
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w:\n%s", filepath.Base(script), strings.Join(args, " "), err, strings.TrimSpace(log.String()))
	}
	return strings.TrimSpace(out.String()), nil
}
