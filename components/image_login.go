package components

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"hankki/internal/buildcontext"
)

// login returns the credentials of a push. The plugin docker-build rebuilds the image if the user name changes. If the
// image needs no build, login returns the user name of the state; no credentials are sent in that case.
func (a ImageArgs) login(source string, current RegistryLogin) (RegistryLogin, error) {
	if a.Former.Source != source {
		return current, nil
	}
	hash, err := pluginHash(a.Context)
	if err != nil {
		return current, err
	}
	if hash == a.Former.ContextHash {
		current.Username = a.Former.Username
	}
	return current, nil
}

// pluginHash is the context hash of the plugin docker-build (v0.0.22), in hex: of the Dockerfile, and of content, path and
// mode of each file in the context. If it differed from the plugin's, the image would at worst be rebuilt from the cache.
func pluginHash(dir string) (string, error) {
	sum := sha256.New()
	if err := buildcontext.AddContent(sum, filepath.Join(dir, "Dockerfile")); err != nil {
		return "", fmt.Errorf("hash of the context: %w", err)
	}
	err := buildcontext.Walk(dir, func(file, relative string, ignored bool, _ fs.DirEntry) error {
		if ignored { // the Dockerfile
			return nil
		}
		info, err := os.Lstat(file)
		if err != nil {
			return err
		}
		if err := buildcontext.AddContent(sum, file); err != nil {
			return err
		}
		fmt.Fprint(sum, path.Clean(filepath.ToSlash(relative)), info.Mode())
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("hash of the context %s: %w", dir, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
