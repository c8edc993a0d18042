package guardrails

import (
	_ "embed" // for the exceptions
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"sigs.k8s.io/yaml"
)

// exceptionsFile is embedded at build time, so a preview does not depend on the project's folder.
//
//go:embed exceptions.yaml
var exceptionsFile []byte

// Exception accepts violations of a rule for a limited time.
type Exception struct {
	Rule    string   `json:"rule"`
	Of      []string `json:"of"`      // objects as Kind/namespace/name or containers as Kind/namespace/name/container, where * matches any part; or a configuration key
	Because string   `json:"because"` // the reason
	Until   string   `json:"until"`   // the last day, e.g. 2027-05-31
}

// longestException limits how far away the last day may be. A permanent exception belongs in the rule itself.
const longestException = 366 * 24 * time.Hour

// Exceptions returns the exceptions of this repository. It fails if one is invalid or has expired.
func Exceptions(now time.Time) ([]Exception, error) {
	all, err := parseExceptions(exceptionsFile, now)
	if err != nil {
		return nil, fmt.Errorf("internal/guardrails/exceptions.yaml:\n%w", err)
	}
	return all, nil
}

// parseExceptions lists all errors at once.
func parseExceptions(text []byte, now time.Time) ([]Exception, error) {
	var all []Exception
	if err := yaml.UnmarshalStrict(text, &all); err != nil {
		return nil, fmt.Errorf("the file can't be read: %w", err)
	}
	var wrong []error
	for i, e := range all {
		for _, why := range e.wrong(now) {
			wrong = append(wrong, fmt.Errorf("exception %d (%s): %s", i+1, e.Rule, why))
		}
	}
	return all, errors.Join(wrong...)
}

func (e Exception) wrong(now time.Time) (why []string) {
	if !slices.ContainsFunc(Rules, func(r Rule) bool { return r.Name == e.Rule }) {
		names := make([]string, len(Rules))
		for i, r := range Rules {
			names[i] = r.Name
		}
		why = append(why, fmt.Sprintf("there is no rule %q; the rules are %s", e.Rule, strings.Join(names, ", ")))
	}
	if len(e.Of) == 0 {
		why = append(why, "of is missing: name the objects, as Kind/namespace/name")
	}
	for _, pattern := range e.Of {
		if _, err := path.Match(pattern, ""); err != nil {
			why = append(why, fmt.Sprintf("of: %q is not a valid pattern", pattern))
		}
	}
	if strings.TrimSpace(e.Because) == "" {
		why = append(why, "because is missing: give the reason")
	}
	last, err := time.Parse(time.DateOnly, e.Until)
	switch {
	case err != nil:
		why = append(why, fmt.Sprintf("until: %q is not a date such as 2027-05-31", e.Until))
	case !now.Before(last.AddDate(0, 0, 1)):
		why = append(why, fmt.Sprintf("its last day, %s, has passed: fix the violation, or set a later day and give the reason", e.Until))
	case last.Sub(now) > longestException:
		why = append(why, fmt.Sprintf("its last day, %s, is more than a year away", e.Until))
	}
	return why
}

func (e Exception) accepts(v Violation) bool {
	return e.Rule == v.Rule && slices.ContainsFunc(e.Of, func(pattern string) bool {
		whole, _ := path.Match(pattern, v.Object) // parseExceptions has validated the pattern
		one, _ := path.Match(pattern, v.Object+"/"+v.container)
		return whole || one && v.container != ""
	})
}
