package components

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ContextDigester builds nothing: it gives repository@sha256:… with the digest of the build context and the build
// arguments, so that two renderings differ exactly where an image would be built anew.
type ContextDigester struct{}

func (ContextDigester) build(_ *pulumi.Context, _ string, args ImageArgs, _ pulumi.ResourceOption) (pulumi.StringOutput, error) {
	digest, err := contextDigest(args.Context, args.BuildArgs)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("digest of the context %s: %w", args.Context, err)
	}
	return pulumi.String(args.Repository + "@sha256:" + digest).ToStringOutput(), nil
}

// contextDigest is the SHA-256, in hex, of the arguments and of path, permission and content of each file that a
// builder would be sent.
func contextDigest(dir string, buildArgs map[string]string) (string, error) {
	sum := sha256.New()
	if err := json.NewEncoder(sum).Encode(buildArgs); err != nil { // its keys come sorted
		return "", fmt.Errorf("build arguments: %w", err)
	}
	err := walkContext(dir, func(path, relative string, _ bool, entry fs.DirEntry) error {
		info, err := entry.Info()
		if err != nil {
			return err
		}
		// Of the permissions only "executable", which is all that git keeps: the rest is the umask of a checkout.
		fmt.Fprintf(sum, "%q %v %t %d\n", filepath.ToSlash(relative), info.Mode().Type(), info.Mode()&0o100 != 0, info.Size())
		if entry.Type() == fs.ModeSymlink { // a builder is sent what it says, not what it leads to
			target, err := os.Readlink(path)
			fmt.Fprintf(sum, "%q\n", target)
			return err
		}
		return addContent(sum, path)
	})
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// walkContext visits each file that a builder would be sent, in lexical order. The Dockerfile is sent even if it is ignored.
func walkContext(dir string, visit func(path, relative string, ignored bool, entry fs.DirEntry) error) error {
	ignored, err := ignoredBy(filepath.Join(dir, ".dockerignore"))
	if err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		relative, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		skip, err := ignored.MatchesOrParentMatches(filepath.ToSlash(relative))
		switch {
		case err != nil:
			return fmt.Errorf("%s against .dockerignore: %w", relative, err)
		case entry.IsDir() && skip && !mayInclude(ignored, filepath.ToSlash(relative)):
			return fs.SkipDir // node_modules, for example
		case entry.IsDir() || skip && relative != "Dockerfile":
			return nil
		}
		return visit(path, relative, skip, entry)
	})
}

// mayInclude tells whether a pattern with ! may include something in an ignored folder.
func mayInclude(ignored *patternmatcher.PatternMatcher, folder string) bool {
	return slices.ContainsFunc(ignored.Patterns(), func(p *patternmatcher.Pattern) bool {
		return p.Exclusion() && (strings.HasPrefix(filepath.ToSlash(p.String()), folder+"/") || strings.ContainsAny(p.String(), "*?["))
	})
}

// ignoredBy reads the patterns of the file; without one, nothing is ignored.
func ignoredBy(file string) (*patternmatcher.PatternMatcher, error) {
	content, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	patterns, err := ignorefile.ReadAll(bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return matcher, nil
}

func addContent(w io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(w, f); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
