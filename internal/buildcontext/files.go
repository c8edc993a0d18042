package buildcontext

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Changed lists the files that differ between two build contexts, by their relative path. Only files sent to a
// builder count. A context that does not exist has no files.
func Changed(before, after string) ([]string, error) {
	was, err := files(before)
	if err != nil {
		return nil, err
	}
	is, err := files(after)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(was)
	maps.Copy(all, is)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(path string) bool { return was[path] == is[path] }), nil
}

// files returns the digests of a context's files, by path.
func files(dir string) (map[string]string, error) {
	all := map[string]string{}
	err := Walk(dir, func(path, relative string, _ bool, entry fs.DirEntry) error {
		info, err := entry.Info()
		if err != nil {
			return err
		}
		sum := sha256.New()
		fmt.Fprintln(sum, info.Mode().Type(), info.Mode()&0o100)
		if entry.Type() == fs.ModeSymlink {
			target, err := os.Readlink(path)
			fmt.Fprintln(sum, target)
			all[filepath.ToSlash(relative)] = string(sum.Sum(nil))
			return err
		}
		err = AddContent(sum, path)
		all[filepath.ToSlash(relative)] = string(sum.Sum(nil))
		return err
	})
	if _, missing := os.Stat(dir); errors.Is(missing, fs.ErrNotExist) {
		return all, nil
	}
	return all, err
}
