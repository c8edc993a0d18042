package components

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/buildcontext"
)

// setModes sets the files of a build context to Git's modes: 0755 for folders and executables, 0644 for other files.
// Builders and plugins copy and compare all mode bits. Without this, another umask would give another image, and umask 077
// an image whose files the pods cannot read. Git reports no change.
func setModes(ctx *pulumi.Context, dir string) error {
	paths := []string{dir}
	err := buildcontext.Walk(dir, func(path, _ string, _ bool, entry fs.DirEntry) error {
		if entry.Type() == fs.ModeSymlink { // symbolic links have no mode
			return nil
		}
		for ; path != dir; path = filepath.Dir(path) { // the file and its folders
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("modes of the context %s: %w", dir, err)
	}
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		if err := setMode(path); err != nil {
			return ctx.Log.Warn(fmt.Sprintf("%v: the image may differ from that of a checkout made with umask 022", err), nil) //nolint:wrapcheck // the engine has exited
		}
	}
	return nil
}

func setMode(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	want := fs.FileMode(0o644)
	if info.IsDir() || info.Mode()&0o100 != 0 {
		want = 0o755
	}
	if info.Mode().Perm() == want {
		return nil
	}
	return os.Chmod(path, info.Mode()&^fs.ModePerm|want)
}
