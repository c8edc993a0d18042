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

// setModes gives the files of a build context the modes that git has for them: 0755 for folders and for what its owner
// may execute, 0644 for the rest. Builders and plugins copy and compare all bits, so a checkout made with another umask
// would be another image, and with umask 077 one whose files the pods can't read. Git sees no change.
func setModes(ctx *pulumi.Context, dir string) error {
	paths := []string{dir}
	err := buildcontext.Walk(dir, func(path, _ string, _ bool, entry fs.DirEntry) error {
		if entry.Type() == fs.ModeSymlink { // has no mode of its own
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
			return ctx.Log.Warn(fmt.Sprintf("%v: the image may differ from that of a checkout made with umask 022", err), nil) //nolint:wrapcheck // the engine has ended
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
