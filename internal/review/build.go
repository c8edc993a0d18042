package review

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// build compiles the program of a revision and returns a copy in the folder into. All revisions are compiled in the
// same folder, one at a time: Go's build cache depends on the folder of a package, so only changed packages are
// compiled.
func (r repository) build(ctx context.Context, revision Revision, cache, into string) (program string, err error) {
	unlock, err := lock(filepath.Join(cache, "lock"))
	if err != nil {
		return "", err
	}
	defer unlock()
	source, built := filepath.Join(cache, "source"), filepath.Join(cache, "program")
	if err := os.RemoveAll(source); err != nil {
		return "", err
	}
	if err := os.Mkdir(source, 0o700); err != nil {
		return "", err
	}
	archive := filepath.Join(into, "source.tar")
	if _, err := r.git(ctx, nil, "archive", "--output", archive, revision.Commit); err != nil {
		return "", err
	}
	for _, command := range [][]string{
		{"tar", "--extract", "--file", archive},
		{"go", "build", "-buildvcs=false", "-ldflags=-w", "-o", built, "."}, // without debug information the link takes a quarter less; a program of the same source is not rebuilt
	} {
		c := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // both commands are constants
		c.Dir = source
		if printed, err := c.CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s %s: %w:\n%s", command[0], command[1], err, printed)
		}
	}
	program = filepath.Join(into, "program")
	return program, os.Link(built, program)
}

// lock waits until no other review holds the file lock.
func lock(path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	return func() { _ = file.Close() }, nil // closing releases the lock
}
