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

// Revision is one of the two states of the project that are compared.
type Revision struct {
	Name   string `json:"name"`   // for people, e.g. "1076dee, where origin/main and the working tree part"
	Commit string `json:"commit"` // of a working tree, one that no branch has
	tree   string // what it contains
	folder string // the checkout of its own
}

// repository is the git repository that a review reads. What it writes there, no branch refers to.
type repository struct{ folder string }

// git runs git and returns what it prints.
func (r repository) git(ctx context.Context, environment []string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, "git", args...) //nolint:gosec // a revision stands behind --end-of-options
	c.Dir, c.Env = r.folder, append(os.Environ(), environment...)
	var out, log bytes.Buffer
	c.Stdout, c.Stderr = &out, &log
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(log.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

// base is the commit where the base and the head part, so that what was merged to the base since is not told as a change.
func (r repository) base(ctx context.Context, revision, head string) (Revision, error) {
	commit, err := r.git(ctx, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return Revision{}, fmt.Errorf("--base: there is no revision %q here; `git fetch` may bring it", revision)
	}
	parting, err := r.git(ctx, nil, "merge-base", commit, head)
	if err != nil {
		return Revision{}, fmt.Errorf("--base: %s and the working tree have no commit in common; a shallow clone has too few: `git fetch --unshallow`", revision)
	}
	name := fmt.Sprintf("%.10s, where %s and the working tree part", parting, revision)
	return r.revision(ctx, name, parting)
}

// workingTree is a commit of all files as they are, also of those that git does not know yet, but for ignored ones.
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

// checkout gives the revision a worktree of its own. The function that it returns removes it.
func (r repository) checkout(ctx context.Context, to *Revision, folder string) (remove func() error, err error) {
	if _, err := r.git(ctx, nil, "worktree", "add", "--quiet", "--detach", folder, to.Commit); err != nil {
		return nil, err
	}
	to.folder = folder
	return func() error {
		// Also after an interrupt, which has ended ctx.
		_, err := r.git(context.WithoutCancel(ctx), nil, "worktree", "remove", "--force", folder)
		return err
	}, nil
}

// checkouts gives both revisions a worktree each, below the folder. remove removes what there is of them; of a review that was
// killed, `git worktree prune` does.
func (r repository) checkouts(ctx context.Context, base, head *Revision, folder string) (remove func(), err error) {
	var removals []func() error
	remove = func() {
		for _, one := range removals {
			_ = one() // the folder goes anyway
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

// root is the top folder of the repository that holds the project.
func root(ctx context.Context, project string) (repository, error) {
	top, err := repository{project}.git(ctx, nil, "rev-parse", "--show-toplevel")
	if err != nil {
		return repository{}, errors.New("the project is in no git repository, so there is no revision to compare with")
	}
	return repository{top}, nil
}
