package site

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// If a network policy rule is deleted while old pods still need it, their connections fail in the middle of a rolling
// update. So each rule to a configurable destination is in its own policy, whose name contains the destination: the engine
// creates the new policy first and deletes the old one last.
func TestEachDestinationHasItsOwnPolicy(t *testing.T) {
	policies := func(s settings) map[string]string {
		found := map[string]string{}
		for _, r := range s.deployed(t).all(policyType) {
			found[r.name] = strings.Join(rulesOf(t, r), "\n")
		}
		return found
	}
	before := policies(shipped(t, "onprem"))
	for name, after := range map[string]settings{
		"an address":   shipped(t, "onprem").set("database.host", "10.0.0.9"),
		"IPv6":         shipped(t, "onprem").set("database.host", "fd00::9"),
		"a name":       shipped(t, "onprem").set("database.host", "Postgres.example.com"),
		"a port":       shipped(t, "onprem").set("database.port", 6432),
		"embedded":     shipped(t, "onprem").set("database.embedded", true).set("database.host", ""),
		"behind Nginx": shipped(t, "onprem").set("frontend.apiMode", "proxy"),
	} {
		t.Run(name, func(t *testing.T) {
			same := 0
			for policy, rules := range policies(after) {
				if was, there := before[policy]; there && was != rules {
					t.Errorf("the policy %s is changed from\n%s\nto\n%s", policy, was, rules)
				} else if there {
					same++
				}
			}
			if same < 5 {
				t.Errorf("only %d policies are left", same)
			}
		})
	}
}

// A change of apiMode replaces only the front end's pods.
func TestAPIModeReplacesNoPodOfTheAPI(t *testing.T) {
	pods := func(mode string) map[string]string {
		found := map[string]string{}
		for urn, inputs := range inputsWithTimeout(t, shipped(t, "onprem").set("frontend.apiMode", mode), nil, 600) {
			if strings.Contains(urn, deploymentType) || strings.Contains(urn, jobType) {
				found[urn[strings.LastIndex(urn, ":")+1:]] = inputs
			}
		}
		return found
	}
	direct, proxy := pods("direct"), pods("proxy")
	if len(direct) < 4 {
		t.Fatalf("there are only %v", slices.Sorted(maps.Keys(direct)))
	}
	for name, inputs := range direct {
		if changed := proxy[name] != inputs; changed != (name == "frontend") {
			t.Errorf("changed is %v for %s:\n%s\n%s", changed, name, inputs, proxy[name])
		}
	}
}
