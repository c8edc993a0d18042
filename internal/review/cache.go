package review

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"hankki/internal/manifest"
)

// cache stores renderings by the revision's files, the stack, and the recording command.
type cache struct {
	folder  string
	command string // digest of the command's file
}

// keptFor is the lifetime of a cached rendering.
const keptFor = 7 * 24 * time.Hour

// newCache also deletes expired renderings.
func newCache(folder, executable string) (cache, error) {
	command, err := os.Open(executable)
	if err != nil {
		return cache{}, err
	}
	defer command.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, command); err != nil {
		return cache{}, fmt.Errorf("%s: %w", executable, err)
	}
	files, _ := filepath.Glob(filepath.Join(folder, "*.json")) // the patterns are valid
	runs, _ := filepath.Glob(filepath.Join(folder, "run-*"))   // left by killed reviews
	for _, file := range append(files, runs...) {
		if info, err := os.Stat(file); err == nil && time.Since(info.ModTime()) > keptFor {
			_ = os.RemoveAll(file) // another review may have deleted it
		}
	}
	return cache{folder: folder, command: hex.EncodeToString(sum.Sum(nil))}, nil
}

func (c cache) path(tree, stack string) string {
	return filepath.Join(c.folder, fmt.Sprintf("%x.json", sha256.Sum256([]byte(tree+" "+stack+" "+c.command))))
}

func (c cache) get(tree, stack string) (all []manifest.Resource, found bool) {
	text, err := os.ReadFile(c.path(tree, stack))
	return all, err == nil && json.Unmarshal(text, &all) == nil
}

// put writes the file atomically.
func (c cache) put(tree, stack string, all []manifest.Resource) error {
	text, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("caching a rendering: %w", err)
	}
	partial, err := os.CreateTemp(c.folder, "partial-")
	if err != nil {
		return err
	}
	_, err = partial.Write(text)
	if closed := partial.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("caching a rendering: %w", err)
	}
	return os.Rename(partial.Name(), c.path(tree, stack))
}
