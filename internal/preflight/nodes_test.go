package preflight_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// machine returns a node as the API lists it.
func machine(name, os, arch, spec string) string {
	return fmt.Sprintf(`{"metadata":{"name":%q},"spec":{%s},"status":{"nodeInfo":{"operatingSystem":%q,"architecture":%q}}}`, name, spec, os, arch)
}

func nodesOf(nodes ...string) string {
	return `{"kind":"NodeList","apiVersion":"v1","items":[` + strings.Join(nodes, ",") + `]}`
}

func TestNodesOfOtherPlatformsAreNamed(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	c := stack(newRegistry(t, "http", loopback).address())
	c.Images.Platform = "linux/amd64"
	a, b := machine("a", "linux", "amd64", ""), machine("b", "linux", "arm64", "")
	for name, nodes := range map[string]string{
		"some": nodesOf(a, b), "all": nodesOf(b),
		"with a taint that only asks": nodesOf(a, machine("b", "linux", "arm64", `"taints":[{"effect":"PreferNoSchedule"}]`)),
	} {
		t.Run(name, func(t *testing.T) {
			cluster.objects["/api/v1/nodes"] = nodes
			refused(t, c, 1, "images.platform", `"linux/amd64"`, "linux/arm64 (b)", cluster.URL, "kubectl taint")
		})
	}
	cluster.objects["/api/v1/nodes"] = nodesOf(b, machine("c", "linux", "arm64", ""), machine("d", "linux", "arm64", ""), machine("e", "linux", "arm64", ""), machine("f", "windows", "amd64", ""))
	refused(t, c, 1, "linux/arm64 (b, c, d and 1 more), windows/amd64 (f)")
}

func TestNodesOfThePlatformAreAccepted(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	c := stack(newRegistry(t, "http", loopback).address())
	a := machine("a", "linux", "amd64", "")
	for name, test := range map[string]struct{ platform, nodes string }{
		"one platform": {"linux/amd64", nodesOf(a, machine("b", "linux", "amd64", ""))},
		"a variant":    {"linux/arm/v7", nodesOf(machine("b", "linux", "arm", ""))},
		"tainted":      {"linux/amd64", nodesOf(a, machine("b", "linux", "arm64", `"taints":[{"effect":"NoSchedule"}]`))},
		"cordoned":     {"linux/amd64", nodesOf(a, machine("b", "linux", "arm64", `"unschedulable":true`))},
		"not listed":   {"linux/amd64", ""}, // without permission to list nodes
		"no nodes":     {"linux/amd64", nodesOf()},
		"unreported":   {"linux/amd64", nodesOf(machine("b", "", "", ""))},
	} {
		t.Run(name, func(t *testing.T) {
			c.Images.Platform, cluster.objects["/api/v1/nodes"] = test.platform, test.nodes
			accepted(t, c)
		})
	}
}
