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

// login is what an image is pushed with. The plugin docker-build takes another user name for a change and builds again, so
// an image that needs no build keeps the user name of the state, where nothing is sent with it.
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

// pluginHash is the context's hash as the plugin docker-build (v0.0.22) computes it, in hex: of the Dockerfile, and of content,
// path and mode of each file that is sent. If it were another one, the image would be built from the cache at most.
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
