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

// Write writes the stack's file, with the settings, to the folder. A second Write keeps the encryption salt. It also keeps the
// database that `hankki restore` wrote and the namespace that `hankki move` wrote, unless the value in the checkout has changed since.
// The error lists all invalid settings.
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
	previous, err := read(path(folder, name))
	if err != nil {
		return err
	}
	if previous.EncryptionSalt != "" {
		stack.EncryptionSalt = previous.EncryptionSalt
	}
	return errors.Join(
		keepKey(stack, previous, databaseKey, filepath.Join(folder, ".database-"+name)),
		keepKey(stack, previous, namespaceKey, filepath.Join(folder, ".namespace-"+name)),
	)
}

// keepKey keeps the previous value of a key unless the checkout's value has changed since the last stage, which the file shipped has.
func keepKey(stack, previous *workspace.ProjectStack, key, shipped string) error {
	value, err := get(stack, key)
	if err != nil {
		return err
	}
	written, err := get(previous, key)
	if err != nil {
		return err
	}
	first, unchanged, err := record(shipped, value)
	if err != nil {
		return err
	}
	// A database that was restored before the first record is kept too.
	restored := first && key == databaseKey && config.RestoredDatabase.MatchString(written)
	if written == "" || !unchanged && !restored {
		return nil
	}
	return set(stack, key, written)
}

const (
	databaseKey  = config.Project + ":database.name"
	namespaceKey = config.Project + ":namespace"
)

// record writes the checkout's value of a key to the file. It reports whether it is the first record, and whether the last staging
// recorded the same value.
func record(file, shipped string) (first, unchanged bool, err error) {
	staged, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, false, err
	}
	first, unchanged = err != nil, err == nil && string(staged) == shipped
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // as a checkout: other users may read it
		return false, false, err
	}
	return first, unchanged, os.WriteFile(file, []byte(shipped), 0o600)
}
