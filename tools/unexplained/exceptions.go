package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"

	"gopkg.in/yaml.v3"
)

// An exception is a remark of kube-score that we don't follow.
type exception struct {
	Check   string   `yaml:"check"`   // its ID
	Says    string   `yaml:"says"`    // which of its remarks; empty: any
	Of      []string `yaml:"of"`      // objects, kind/namespace/name with * in any part
	Because string   `yaml:"because"` // why it is as it is
}

func (e exception) explains(f finding) bool {
	if e.Check != f.check || e.Says != "" && e.Says != f.says {
		return false
	}
	for _, pattern := range e.Of {
		if ok, _ := path.Match(pattern, f.object); ok { // readExceptions has tried the pattern
			return true
		}
	}
	return false
}

func readExceptions(file string) ([]exception, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var exceptions []exception
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&exceptions); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var errs []error
	for i, e := range exceptions {
		if e.Check == "" || len(e.Of) == 0 || e.Because == "" {
			errs = append(errs, fmt.Errorf("%s: exception %d (%q) lacks one of check, of and because", file, i+1, e.Check))
		}
		for _, pattern := range e.Of {
			if _, err := path.Match(pattern, ""); err != nil {
				errs = append(errs, fmt.Errorf("%s: exception %d (%q): %q: %w", file, i+1, e.Check, pattern, err))
			}
		}
	}
	return exceptions, errors.Join(errs...)
}
