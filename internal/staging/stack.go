package staging

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	pulumi "github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"hankki/internal/config"
)

// Stack is a stack of a checkout, with further settings.
type Stack struct {
	Name string
	File string // the stack's file; empty: the checkout's
	// Settings are merged into the stack's file: KEY=VALUE, with KEY as in `pulumi config set --path`.
	Settings []string
	// Rendering is set if the stack is only rendered. Then its secrets are placeholders, and it keeps nothing of an earlier staging.
	Rendering *Rendering
}

// Write writes the stack's file, with the settings, to the folder. A second Write keeps the encryption salt and the database
// that `hankki restore` wrote. It also keeps the namespace that `hankki move` wrote, unless the namespace in the checkout has
// changed since. The error lists all invalid settings.
func (s Stack) Write(checkout, folder string) error {
	file, err := s.shipped(checkout)
	if err != nil {
		return err
	}
	if s.Rendering != nil {
		err = s.Rendering.withoutSecrets(file)
	} else {
		err = keep(file, folder, s.Name)
	}
	if err != nil {
		return err
	}
	if err := merge(file, s.Settings); err != nil {
		return err
	}
	if s.Rendering != nil {
		if err := s.Rendering.merge(file); err != nil {
			return err
		}
	}
	return save(file, path(folder, s.Name))
}

// Check returns the error of Write for the stack's file and the settings. It writes nothing.
func (s Stack) Check(checkout string) error {
	file, err := s.shipped(checkout)
	if err != nil {
		return err
	}
	return merge(file, s.Settings)
}

// shipped reads the stack's file.
func (s Stack) shipped(checkout string) (*workspace.ProjectStack, error) {
	file := cmp.Or(s.File, path(checkout, s.Name))
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("stack %s has no file: %w", s.Name, err)
	}
	return read(file)
}

func path(folder, stack string) string { return filepath.Join(folder, "Pulumi."+stack+".yaml") }

// read returns an empty configuration for a file that does not exist.
func read(file string) (*workspace.ProjectStack, error) {
	project := &workspace.Project{Name: tokens.PackageName(config.Project)} // of keys without a namespace
	stack, err := workspace.LoadProjectStack(nil, project, file)
	if err != nil {
		return nil, fmt.Errorf("file %s: %w", filepath.Base(file), err)
	}
	return stack, nil
}

// save replaces the file atomically.
func save(stack *workspace.ProjectStack, file string) error {
	partial := strings.TrimSuffix(file, ".yaml") + ".partial.yaml" // the extension selects the format
	if err := stack.Save(partial); err != nil {
		return fmt.Errorf("file %s: %w", filepath.Base(file), err)
	}
	return os.Rename(partial, file)
}

// merge sets the settings in their order.
func merge(stack *workspace.ProjectStack, settings []string) error {
	var wrong []error
	for _, setting := range settings {
		key, value, found := strings.Cut(setting, "=")
		if !found {
			wrong = append(wrong, fmt.Errorf("setting %q has no value: write it as KEY=VALUE", setting))
			continue
		}
		wrong = append(wrong, set(stack, key, value))
	}
	return errors.Join(wrong...)
}

// set sets one key, as `pulumi config set --path` does.
func set(stack *workspace.ProjectStack, key, value string) error {
	parsed, err := pulumi.ParseKey(key)
	if err == nil {
		err = stack.Config.Set(parsed, pulumi.NewValue(value), true)
	}
	if err != nil {
		return fmt.Errorf("setting %q: %w", key, err)
	}
	return nil
}

// get returns a key of the file, as `pulumi config get --path` does; empty if it is not set, or a secret.
func get(stack *workspace.ProjectStack, key string) (string, error) {
	value, found, err := stack.Config.Get(pulumi.MustParseKey(key), true)
	if err != nil {
		return "", fmt.Errorf("setting %q: %w", key, err)
	}
	if !found || value.Secure() {
		return "", nil
	}
	text, err := value.Value(pulumi.NopDecrypter)
	if err != nil {
		return "", fmt.Errorf("setting %q: %w", key, err)
	}
	return text, nil
}

// keep merges what earlier commands wrote to the folder's file of the stack.
func keep(stack *workspace.ProjectStack, folder, name string) error {
	shipped, err := get(stack, namespaceKey)
	if err != nil {
		return err
	}
	moved, err := previousNamespace(folder, name, shipped)
	if err != nil {
		return err
	}
	previous, err := read(path(folder, name))
	if err != nil {
		return err
	}
	if previous.EncryptionSalt != "" {
		stack.EncryptionSalt = previous.EncryptionSalt
	}
	database, err := get(previous, databaseKey)
	if err != nil {
		return err
	}
	if config.RestoredDatabase.MatchString(database) {
		if err := set(stack, databaseKey, database); err != nil {
			return err
		}
	}
	if moved != "" {
		return set(stack, namespaceKey, moved)
	}
	return nil
}

const (
	databaseKey  = config.Project + ":database.name"
	namespaceKey = config.Project + ":namespace"
)

// previousNamespace returns the namespace in the folder's file of the stack; empty if the checkout's namespace has changed since
// the last staging, or if there is no such file. It records the checkout's namespace, shipped.
func previousNamespace(folder, name, shipped string) (string, error) {
	record := filepath.Join(folder, ".namespace-"+name)
	staged, err := os.ReadFile(record)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	unchanged := err == nil && string(staged) == shipped
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // as a checkout: other users may read it
		return "", err
	}
	if err := os.WriteFile(record, []byte(shipped), 0o600); err != nil {
		return "", err
	}
	if !unchanged {
		return "", nil
	}
	previous, err := read(path(folder, name))
	if err != nil {
		return "", err
	}
	return get(previous, namespaceKey)
}
