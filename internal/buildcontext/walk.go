// Package buildcontext reads those files of an image's build context that are sent to a builder.
package buildcontext

import (
	"bytes"
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
)

// Walk visits each file sent to a builder, in lexical order. The Dockerfile is sent even if it is ignored.
func Walk(dir string, visit func(path, relative string, ignored bool, entry fs.DirEntry) error) error {
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

// mayInclude reports whether a pattern with ! may include a file in an ignored folder.
func mayInclude(ignored *patternmatcher.PatternMatcher, folder string) bool {
	return slices.ContainsFunc(ignored.Patterns(), func(p *patternmatcher.Pattern) bool {
		return p.Exclusion() && (strings.HasPrefix(filepath.ToSlash(p.String()), folder+"/") || strings.ContainsAny(p.String(), "*?["))
	})
}

// ignoredBy reads the patterns of the file; without the file, no path is ignored.
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

// AddContent writes the content of a file to w.
func AddContent(w io.Writer, path string) error {
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
