// Package staging makes Pulumi projects from a checkout: its project file, with a built program, and the files of its stacks,
// with further settings.
package staging

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sigs.k8s.io/yaml"
)

// Project writes Pulumi.yaml of the checkout to the folder, so that Pulumi runs the program, and links images/. The folder is
// created if it does not exist. It may be the checkout itself.
func Project(checkout, folder, program string) error {
	program, err := filepath.Abs(program)
	if err != nil {
		return fmt.Errorf("program %s: %w", program, err)
	}
	text, err := os.ReadFile(filepath.Join(checkout, "Pulumi.yaml"))
	if err != nil {
		return fmt.Errorf("the checkout has no project: %w", err)
	}
	project := map[string]any{}
	if err := yaml.Unmarshal(text, &project); err != nil {
		return fmt.Errorf("file Pulumi.yaml: %w", err)
	}
	project["runtime"] = map[string]any{"name": "go", "options": map[string]any{"binary": program}}
	if text, err = yaml.Marshal(project); err != nil {
		return fmt.Errorf("file Pulumi.yaml: %w", err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // as a checkout: other users may read it
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "Pulumi.yaml"), text, 0o600); err != nil {
		return err
	}
	return linkImages(checkout, folder)
}

// linkImages keeps images/ of the folder, if it exists.
func linkImages(checkout, folder string) error {
	images, err := filepath.Abs(filepath.Join(checkout, "images"))
	if err != nil {
		return fmt.Errorf("images of %s: %w", checkout, err)
	}
	err = os.Symlink(images, filepath.Join(folder, "images"))
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}
