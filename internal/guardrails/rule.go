// Package guardrails contains the rules that stop a review and a `pulumi preview`, and their exceptions.
package guardrails

import (
	"fmt"
	"slices"
	"strings"

	"hankki/internal/cluster"
	"hankki/internal/manifest"
)

// Change is the resources of a stack before and after an update.
type Change struct {
	Before []manifest.Resource // empty for a new stack
	After  []manifest.Resource
	// Sites are the resources, before and after, of reviewed stacks whose Services use the pools of this stack.
	Sites []manifest.Resource
	// PlainSettings are the keys of secrets that are in plain text in the stack's file.
	PlainSettings []string
}

// Violation is a place where a change breaks a rule.
type Violation struct {
	Rule    string `json:"rule"`
	Object  string `json:"object"` // Kind/namespace/name, with an empty namespace for cluster-scoped objects; or a configuration key
	URN     string `json:"urn,omitempty"`
	Message string `json:"message"`
	// Exception accepts the violation; nil: the violation stops the change.
	Exception *Exception `json:"exception,omitempty"`

	container string // of the object's pods; empty: the whole object
}

// String returns one line, with the rule's name at its end.
func (v Violation) String() string { return fmt.Sprintf("%s: %s [%s]", v.Object, v.Message, v.Rule) }

// Rule is one guard rail.
type Rule struct {
	Name string
	Text string // the requirement, in a sentence
	find func(Change) ([]Violation, error)
}

// Rules are all guard rails, in the order of the output.
var Rules = []Rule{
	{"keep-data", "No change deletes a PersistentVolumeClaim, a PersistentVolume, a namespace or a CustomResourceDefinition.", lostData},
	{"address-in-pool", "No change removes an address that a Service uses from MetalLB's pools.", lostAddresses},
	{"replicas-above-budget", "No change leaves a tier with fewer pods than its PodDisruptionBudget requires.", tooFewReplicas},
	{"image-by-digest", "Each image is referenced by digest.", imagesWithoutDigest},
	{"no-plain-secret", "No secret is in plain text.", plainSecrets},
	{"documented-connections-only", "No network policy allows a connection that is not documented.", openPolicies},
}

// Check applies all rules. Violations that an exception accepts refer to it.
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

// Stops returns the violations that no exception accepts.
func Stops(all []Violation) []Violation {
	return slices.DeleteFunc(slices.Clone(all), func(v Violation) bool { return v.Exception != nil })
}

// violation returns a violation by an object.
func violation(r manifest.Resource, format string, args ...any) Violation {
	name, _ := r.Name()
	return Violation{Object: written(name), URN: r.URN, Message: fmt.Sprintf(format, args...)}
}

// written returns the object in the form that exceptions use.
func written(o cluster.Object) string { return o.Kind.Kind + "/" + o.Namespace + "/" + o.Name }
