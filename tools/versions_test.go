package tools_test

import (
	"os"
	"regexp"
	"testing"
)

// pin is the place of a version in a file: the first group of the pattern, without a leading v.
type pin struct{ file, pattern string }

// Each group is one version in several files. CONTRIBUTING.md describes how to change it.
func TestPinsAgree(t *testing.T) {
	for name, pins := range map[string][]pin{
		"Pulumi": {
			{"../go.mod", `\tgithub\.com/pulumi/pulumi/sdk/v3 v(\S+)`},
			{"pulumi/go.mod", `github\.com/pulumi/pulumi/pkg/v3 v(\S+)`},
			{"pulumi/ldflags", `version\.Version=v(\S+)`},
		},
		"Pulumi's Kubernetes plugin": {
			{"../go.mod", `github\.com/pulumi/pulumi-kubernetes/sdk/v4 v(\S+)`},
			{"pulumi-resource-kubernetes/ldflags", `version\.Version=(\S+)`},
		},
		"Pulumi's docker-build plugin": {
			{"../go.mod", `github\.com/pulumi/pulumi-docker-build/sdk/go/dockerbuild v(\S+)`},
			{"pulumi-resource-docker-build/ldflags", `provider\.Version=(\S+)`},
		},
		"the lab's Kubernetes": {
			{"../lab/lib/common.sh", `KUBERNETES=v(\S+)`},
			{"../lab/modules/cluster/go.mod", `\tk8s\.io/kubernetes v(\S+)`},
			{"../lab/modules/cluster/ldflags", `component-base/version\.gitVersion=v(\S+)`},
			{"../lab/modules/cluster/ldflags", `client-go/pkg/version\.gitVersion=v(\S+)`},
		},
		"the lab's pause image": {
			{"../lab/conf/containerd.toml", `sandbox = "registry\.k8s\.io/pause:([^"]+)"`},
			{"../lab/lib/images.sh", `image pause:(\S+)`},
			{"../lab/lib/images.sh", `-DVERSION=v(\S+)`},
			{"../lab/lib/cluster.sh", `registry\.k8s\.io/pause:(\S+)`},
			{"../lab/check/check", `/pause:(\S+)`},
			{"../e2e/additions_test.go", `registry\.k8s\.io/pause:([^"]+)`},
			{"../e2e/spread_test.go", `registry\.k8s\.io/pause:(\S+)`},
		},
		"the lab's cert-manager": {
			{"../lab/modules/cert-manager/go.mod", `github\.com/cert-manager/cert-manager v(\S+)`},
			{"../lab/add-ons/cert-manager/controller.yaml", `cert-manager-controller:v(\S+)`},
			{"../lab/README.md", `controllers of cert-manager (\S+) that`},
		},
		"the lab's CoreDNS": {
			{"../lab/lib/images.sh", `image coredns/coredns:v(\S+)`},
			{"../lab/modules/cluster/go.mod", `github\.com/coredns/coredns v(\S+)`},
		},
		"the lab's etcd": {
			{"../lab/lib/images.sh", `image etcd:(\S+)-0`},
			{"../lab/modules/cluster/go.mod", `\tgo\.etcd\.io/etcd/server/v3 v(\S+)`},
		},
		"MetalLB": {
			{"../internal/config/defaults.go", `Repository: "https://metallb\.github\.io/metallb", Version: "([^"]+)"`},
			{"../lab/lib/common.sh", `METALLB=v(\S+)`},
			{"../lab/modules/metallb/go.mod", `go\.universe\.tf/metallb v(\S+)`},
		},
		// Go compiles a package again for other flags.
		"the flags of Go builds": {
			{"build.sh", `GOFLAGS="(.+)"`},
			{"../Makefile", `GOFLAGS := (.+)`},
		},
		"cgo": {
			{"build.sh", `CGO_ENABLED=(\d)`},
			{"../Makefile", `CGO_ENABLED := (\d)`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			first := ""
			for _, p := range pins {
				text, err := os.ReadFile(p.file)
				if err != nil {
					t.Fatal(err)
				}
				version := regexp.MustCompile(p.pattern).FindSubmatch(text)
				switch {
				case version == nil:
					t.Errorf("%s has no version by the pattern %s", p.file, p.pattern)
				case first == "":
					first = string(version[1])
				case string(version[1]) != first:
					t.Errorf("%s pins %s, but %s pins %s", p.file, version[1], pins[0].file, first)
				}
			}
		})
	}
}
