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
		"rclone": {
			{"../lab/modules/rclone/go.mod", `github\.com/rclone/rclone v(\S+)`},
			{"../lab/add-ons/s3/server.yaml", `rclone/rclone:(\S+)`},
			{"../internal/config/defaults.go", `rclone/rclone:(\S+?)"`},
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
			{"../e2e/chart_test.go", `\[\{version: ([^,]+),`},
			{"../e2e/chart_test.go", `urls: \[metallb-(\S+)\.tgz\]`},
		},
		"the base image of Python": {
			{"../internal/config/defaults.go", `"/library/python:([^"]+)"`},
			{"../images/backend/Dockerfile", `PYTHON_IMAGE=docker\.io/library/python:(\S+)`},
		},
		"the base image of Node.js": {
			{"../internal/config/defaults.go", `"/library/node:([^"]+)"`},
			{"../images/frontend/Dockerfile", `NODE_IMAGE=docker\.io/library/node:(\S+)`},
		},
		"the base image of Nginx": {
			{"../internal/config/defaults.go", `"/library/nginx:([^"]+)"`},
			{"../images/frontend/Dockerfile", `NGINX_IMAGE=docker\.io/library/nginx:(\S+)`},
		},
		"the base image of Redis": {
			{"../internal/config/defaults.go", `"/library/redis:([^"]+)"`},
			{"../images/redis/Dockerfile", `REDIS_IMAGE=docker\.io/library/redis:(\S+)`},
		},
		"the exporter of Redis": {
			{"../internal/config/defaults.go", `"/oliver006/redis_exporter:v([^"]+)"`},
			{"../lab/modules/cluster/go.mod", `github\.com/oliver006/redis_exporter v(\S+)`},
			{"../lab/modules/cluster/ldflags", `redis_exporter -X main\.BuildVersion=v(\S+)`},
		},
		"the exporter of Nginx": {
			{"../internal/config/defaults.go", `"/nginx/nginx-prometheus-exporter:([^"]+)"`},
			{"../lab/modules/cluster/go.mod", `github\.com/nginx/nginx-prometheus-exporter v(\S+)`},
			{"../lab/modules/cluster/ldflags", `nginx-prometheus-exporter -X \S+version\.Version=(\S+)`},
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
