package review

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
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
	Config map[string]any `json:"config"` // by key, with its namespace: hankki:redis
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
	s.Config = namespaced(s.Config)
	return s, true, nil
}

// namespaced adds the project's namespace to the keys without one, as Pulumi does.
func namespaced(settings map[string]any) map[string]any {
	all := make(map[string]any, len(settings))
	for key, value := range settings {
		if !strings.Contains(key, ":") {
			key = config.Project + ":" + key
		}
		all[key] = value
	}
	return all
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

// imagesInUse returns the references of images.use, by image. These images are not built.
func (s stackFile) imagesInUse() map[string]string {
	images, _ := s.Config["hankki:images"].(map[string]any) // absent without settings of images
	use, _ := images["use"].(map[string]any)
	all := map[string]string{}
	for image, reference := range use {
		all[image], _ = reference.(string) // the program refuses other values
	}
	return all
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
