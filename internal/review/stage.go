package review

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"hankki/internal/config"
	"hankki/internal/manifest"
)

// stackFile is the content of a stack's configuration file.
type stackFile struct {
	Config map[string]any `json:"config"`
}

// readStack reads Pulumi.STACK.yaml of a checkout; false if it does not exist.
func readStack(folder, stack string) (s stackFile, exists bool, err error) {
	text, err := os.ReadFile(stackPath(folder, stack))
	if errors.Is(err, fs.ErrNotExist) {
		return s, false, nil
	}
	if err == nil {
		err = yaml.Unmarshal(text, &s)
	}
	if err != nil {
		return s, true, fmt.Errorf("file Pulumi.%s.yaml: %w", stack, err)
	}
	return s, true, nil
}

func stackPath(folder, stack string) string { return filepath.Join(folder, "Pulumi."+stack+".yaml") }

// stacksOf lists the stacks that have a file in the folder.
func stacksOf(folder string) []string {
	files, _ := filepath.Glob(stackPath(folder, "*")) // the pattern is valid
	for i, file := range files {
		files[i] = strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "Pulumi."), ".yaml")
	}
	return files
}

// isEncrypted reports whether a configuration value is a secret.
func isEncrypted(value any) bool {
	m, _ := value.(map[string]any)
	_, encrypted := m["secure"]
	return encrypted
}

// plainSettings lists the settings that must be secrets but are in plain text.
func (s stackFile) plainSettings() (keys []string) {
	for key, value := range s.Config {
		if config.IsSecret(key) && !isEncrypted(value) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// settings lists the differences between two stack files. For a secret it reports only that it differs.
func settings(was, is stackFile) []manifest.Field {
	fields := manifest.Compare(was.open(), is.open())
	for i := range fields {
		fields[i].Old, fields[i].New = withoutDigest(fields[i].Old), withoutDigest(fields[i].New)
	}
	return fields
}

// withoutDigest returns the placeholder of a secret without the digest, which would help to guess a short secret.
func withoutDigest(value any) any {
	if text, ok := value.(string); ok && strings.HasPrefix(text, manifest.Secret) {
		return manifest.Secret + "]"
	}
	return value
}

// open returns the configuration with placeholders for secrets, encrypted or not.
func (s stackFile) open() map[string]any {
	all := map[string]any{}
	for key, value := range s.Config {
		if isEncrypted(value) || config.IsSecret(key) {
			value = fmt.Sprintf("%s %.4x]", manifest.Secret, sha256.Sum256(fmt.Append(nil, value)))
		}
		all[key] = value
	}
	return all
}

// stage rewrites the stack's file without its secrets, and with the settings of a rendering. Charts without a path
// come from local folders, so no repository is contacted.
func (s stackFile) stage(folder, stack, out string, charts map[string]string) error {
	settings := map[string]any{}
	for key, value := range s.Config {
		if !isEncrypted(value) && !config.IsSecret(key) {
			settings[key] = value
		}
	}
	section := func(key string) map[string]any {
		m, _ := settings[key].(map[string]any)
		if m = maps.Clone(m); m == nil { // what was read stays as it is
			m = map[string]any{}
		}
		settings[key] = m
		return m
	}
	section("hankki:render")["directory"] = out
	section("pulumi:autonaming")["mode"] = "verbatim" // without random suffixes, which would differ
	for key, chart := range charts {
		if m := section(key); m["chart"] == nil {
			m["chart"] = map[string]any{"path": chart}
		}
	}
	text, err := yaml.Marshal(map[string]any{"config": settings})
	if err != nil {
		return fmt.Errorf("file Pulumi.%s.yaml: %w", stack, err)
	}
	return os.WriteFile(stackPath(folder, stack), text, 0o600)
}

// stageProject makes Pulumi run the given binary.
func stageProject(folder, program string) error {
	file := filepath.Join(folder, "Pulumi.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	project := map[string]any{}
	if err := yaml.Unmarshal(text, &project); err != nil {
		return fmt.Errorf("file Pulumi.yaml: %w", err)
	}
	project["runtime"] = map[string]any{"name": "go", "options": map[string]any{"binary": program}}
	if text, err = yaml.Marshal(project); err != nil {
		return fmt.Errorf("file Pulumi.yaml: %w", err)
	}
	return os.WriteFile(file, text, 0o600)
}
