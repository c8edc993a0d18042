package review

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Revision is one of the two compared versions of the project.
type Revision struct {
	Name   string `json:"name"`   // display name, e.g. "1076dee, the merge base of origin/main and the working tree"
	Commit string `json:"commit"` // for a working tree, a commit outside all branches
	tree   string // ID of the git tree
	folder string // its checkout
}

// repository is the git repository of a review. The review writes objects to it, but no references.
type repository struct{ folder string }

// git runs git and returns its output.
func (r repository) git(ctx context.Context, environment []string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, "git", args...) //nolint:gosec // revisions follow --end-of-options
	c.Dir, c.Env = r.folder, append(os.Environ(), environment...)
	var out, log bytes.Buffer
	c.Stdout, c.Stderr = &out, &log
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(log.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

// base returns the merge base of the base and the head, so that later commits of the base are not reported as
// changes.
func (r repository) base(ctx context.Context, revision, head string) (Revision, error) {
	commit, err := r.git(ctx, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return Revision{}, fmt.Errorf("--base: revision %q does not exist here; try `git fetch`", revision)
	}
	parting, err := r.git(ctx, nil, "merge-base", commit, head)
	if err != nil {
		return Revision{}, fmt.Errorf("--base: %s and the working tree have no common commit; in a shallow clone run `git fetch --unshallow`", revision)
	}
	name := fmt.Sprintf("%.10s, the merge base of %s and the working tree", parting, revision)
	return r.revision(ctx, name, parting)
}

// workingTree returns a commit of all current files, including untracked but not ignored files.
func (r repository) workingTree(ctx context.Context, scratch string) (Revision, error) {
	index := filepath.Join(scratch, "index")
	environment := []string{
		"GIT_INDEX_FILE=" + index,
		"GIT_AUTHOR_NAME=hankki", "GIT_AUTHOR_EMAIL=hankki@localhost", "GIT_AUTHOR_DATE=2000-01-01T00:00:00Z",
		"GIT_COMMITTER_NAME=hankki", "GIT_COMMITTER_EMAIL=hankki@localhost", "GIT_COMMITTER_DATE=2000-01-01T00:00:00Z",
	}
	for _, args := range [][]string{{"read-tree", "HEAD"}, {"add", "--all", ":/"}} {
		if _, err := r.git(ctx, environment, args...); err != nil {
			return Revision{}, err
		}
	}
	tree, err := r.git(ctx, environment, "write-tree")
	if err != nil {
		return Revision{}, err
	}
	commit, err := r.git(ctx, environment, "commit-tree", tree, "-p", "HEAD", "-m", "The working tree, for a review")
	if err != nil {
		return Revision{}, err
	}
	return r.revision(ctx, "the working tree", commit)
}

func (r repository) revision(ctx context.Context, name, commit string) (Revision, error) {
	tree, err := r.git(ctx, nil, "rev-parse", commit+"^{tree}")
	return Revision{Name: name, Commit: commit, tree: tree}, err
}

// checkout creates a worktree of the revision. The returned function removes it.
func (r repository) checkout(ctx context.Context, to *Revision, folder string) (remove func() error, err error) {
	if _, err := r.git(ctx, nil, "worktree", "add", "--quiet", "--detach", folder, to.Commit); err != nil {
		return nil, err
	}
	to.folder = folder
	return func() error {
		// Clean up after an interrupt too, which has cancelled ctx.
		_, err := r.git(context.WithoutCancel(ctx), nil, "worktree", "remove", "--force", folder)
		return err
	}, nil
}

// checkouts creates a worktree of each revision in the folder. remove deletes them; after a killed review, `git
// worktree prune` does.
func (r repository) checkouts(ctx context.Context, base, head *Revision, folder string) (remove func(), err error) {
	var removals []func() error
	remove = func() {
		for _, one := range removals {
			_ = one() // the folder is deleted anyway
		}
	}
	for name, revision := range map[string]*Revision{"base": base, "head": head} {
		one, err := r.checkout(ctx, revision, filepath.Join(folder, name))
		if err != nil {
			return remove, err
		}
		removals = append(removals, one)
	}
	return remove, nil
}

// root returns the top folder of the project's repository.
func root(ctx context.Context, project string) (repository, error) {
	top, err := repository{project}.git(ctx, nil, "rev-parse", "--show-toplevel")
	if err != nil {
		return repository{}, errors.New("the project is not in a git repository, so it can't be compared with a revision")
	}
	return repository{top}, nil
}
