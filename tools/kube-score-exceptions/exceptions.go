package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"

	"gopkg.in/yaml.v3"
)

// An exception is a finding of kube-score that we accept.
type exception struct {
	Check   string   `yaml:"check"`   // ID of the check
	Remark  string   `yaml:"remark"`  // one remark of the check; empty: any
	Objects []string `yaml:"objects"` // kind/namespace/name, with * in any part
	Reason  string   `yaml:"reason"`  // why the finding is accepted
}

// matches reports whether the exception accepts the finding.
func (e exception) matches(f finding) bool {
	if e.Check != f.check || e.Remark != "" && e.Remark != f.remark {
		return false
	}
	for _, pattern := range e.Objects {
		if ok, _ := path.Match(pattern, f.object); ok { // readExceptions has checked the pattern
			return true
		}
	}
	return false
}

// readExceptions reads the file. Its error lists every exception that is incomplete or has a malformed pattern.
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
		if e.Check == "" || len(e.Objects) == 0 || e.Reason == "" {
			errs = append(errs, fmt.Errorf("%s: exception %d (%q) lacks one of check, objects and reason", file, i+1, e.Check))
		}
		for _, pattern := range e.Objects {
			if _, err := path.Match(pattern, ""); err != nil {
				errs = append(errs, fmt.Errorf("%s: exception %d (%q): %q: %w", file, i+1, e.Check, pattern, err))
			}
		}
	}
	return exceptions, errors.Join(errs...)
}
