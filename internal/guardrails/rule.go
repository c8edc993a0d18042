// Package guardrails holds the rules that stop a review and a `pulumi preview`, and the exceptions from them.
package guardrails

import (
	"fmt"
	"slices"
	"strings"

	"hankki/internal/cluster"
	"hankki/internal/manifest"
)

// Change is what a stack has and what it would have.
type Change struct {
	Before []manifest.Resource // empty for a new stack
	After  []manifest.Resource
	// PlainSettings are the configuration keys that should be secrets and stand in plain text in the stack's file.
	PlainSettings []string
}

// Violation is a place where a change breaks a rule.
type Violation struct {
	Rule    string `json:"rule"`
	Object  string `json:"object"` // Kind/namespace/name, with an empty namespace for objects of the cluster; or the key of a setting
	URN     string `json:"urn,omitempty"`
	Message string `json:"message"`
	// Exception is why the violation is accepted, and until when; nil for one that stops.
	Exception *Exception `json:"exception,omitempty"`
}

// String is a line with the rule's name at its end.
func (v Violation) String() string { return fmt.Sprintf("%s: %s [%s]", v.Object, v.Message, v.Rule) }

// Rule is one guard rail.
type Rule struct {
	Name string
	Says string // what it demands, in a sentence
	find func(Change) ([]Violation, error)
}

// Rules are all guard rails, in the order in which they are told.
var Rules = []Rule{
	{"keep-data", "No change deletes a volume claim, a volume, a namespace or a definition of a kind.", lostData},
	{"address-in-pool", "No change takes an address that a Service uses out of MetalLB's pools.", lostAddresses},
	{"replicas-above-budget", "No change leaves a tier fewer pods than its disruption budget needs.", tooFewReplicas},
	{"image-by-digest", "Each image is named by its digest.", imagesWithoutDigest},
	{"no-plain-secret", "No secret stands in plain text.", plainSecrets},
	{"drawn-arrows-only", "No network policy opens more than an arrow of the README's picture.", openPolicies},
}

// Check applies all rules. The violations that an exception accepts carry it.
func Check(c Change, exceptions []Exception) ([]Violation, error) {
	var all []Violation
	for _, rule := range Rules {
		found, err := rule.find(c)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", rule.Name, err)
		}
		slices.SortStableFunc(found, func(a, b Violation) int { return strings.Compare(a.Object, b.Object) })
		for _, v := range found {
			v.Rule = rule.Name
			if i := slices.IndexFunc(exceptions, func(e Exception) bool { return e.accepts(v) }); i >= 0 {
				v.Exception = &exceptions[i]
			}
			all = append(all, v)
		}
	}
	return all, nil
}

// Stops are the violations that no exception accepts.
func Stops(all []Violation) []Violation {
	return slices.DeleteFunc(slices.Clone(all), func(v Violation) bool { return v.Exception != nil })
}

// violation is of an object.
func violation(r manifest.Resource, format string, args ...any) Violation {
	name, _ := r.Name()
	return Violation{Object: written(name), URN: r.URN, Message: fmt.Sprintf(format, args...)}
}

// written is how exceptions name an object.
func written(o cluster.Object) string { return o.Kind.Kind + "/" + o.Namespace + "/" + o.Name }
