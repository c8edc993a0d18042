package tools_test

import (
	"bytes"
	"os"
	"regexp"
	"testing"

	"hankki/internal/testfile"
)

// pin is the place of a version in a file: the groups of the pattern, joined by dots, without a leading v.
type pin struct{ file, pattern string }

// Each group is one version in several files. CONTRIBUTING.md describes how to change it.
func TestPinsAgree(t *testing.T) {
	groups := map[string][]pin{
		"Pulumi": {
			{"../go.mod", `\tgithub\.com/pulumi/pulumi/sdk/v3 v(\S+)`},
			{"pulumi/go.mod", `github\.com/pulumi/pulumi/pkg/v3 v(\S+)`},
			{"pulumi/ldflags", `version\.Version=v(\S+)`},
		},
		"Pulumi's language host": {
			{"pulumi-language-go/go.mod", `github\.com/pulumi/pulumi/sdk/v3 v(\S+)`},
			{"pulumi-language-go/ldflags", `version\.Version=v(\S+)`},
		},
		"Pulumi's Kubernetes plugin": {
			{"../go.mod", `github\.com/pulumi/pulumi-kubernetes/sdk/v4 v(\S+)`},
			{"pulumi-resource-kubernetes/ldflags", `version\.Version=(\S+)`},
		},
		"Pulumi's docker-build plugin": {
			{"../go.mod", `github\.com/pulumi/pulumi-docker-build/sdk/go/dockerbuild v(\S+)`},
			{"pulumi-resource-docker-build/ldflags", `provider\.Version=(\S+)`},
		},
		"buildx in Pulumi's docker-build plugin": {
			{"pulumi-resource-docker-build/go.mod", `github\.com/docker/buildx v(\S+)`},
			{"pulumi-resource-docker-build/ldflags", `buildx/version\.Version=v(\S+)`},
		},
		"BuildKit in Pulumi's docker-build plugin": {
			{"pulumi-resource-docker-build/go.mod", `github\.com/moby/buildkit v(\S+)`},
			{"pulumi-resource-docker-build/ldflags", `buildkit/version\.Version=v(\S+)`},
		},
		"the tested versions of Kubernetes": {
			{"../README.md", `\((\S+) and, in part, (\S+) are tested\)`},
			{"../docs/operations.md", `to Kubernetes (\S+) from (\S+), with`},
			{"../lab/versions", `(?m)^\d\S+ +v(\S+) .*\n\d\S+ +v(\S+) .*\n$`},
		},
		"the lab's pause image": { // that of the default version
			{"../lab/versions", `# minor.*\n\S+ .* (\S+)\n`},
			{"../lab/conf/containerd.toml", `sandbox = "registry\.k8s\.io/pause:([^"]+)"`},
			{"../lab/lib/cluster.sh", `registry\.k8s\.io/pause:(\S+)`},
			{"../lab/check/check", `/pause:(\S+)`},
			{"../e2e/additions_test.go", `registry\.k8s\.io/pause:([^"]+)`},
			{"../e2e/spread_test.go", `registry\.k8s\.io/pause:(\S+)`},
		},
		// go.mod has the commit of the tag: Calico's tags are no versions of a Go module.
		"the lab's Calico": {
			{"../lab/lib/common.sh", `CALICO=v(\S+)`},
			{"../lab/modules/calico/ldflags", `startup\.VERSION=v(\S+)`},
			{"../lab/modules/calico/ldflags", `buildinfo\.GitVersion=v(\S+)`},
			{"../lab/modules/calico/ldflags", `main\.VERSION=v(\S+)`},
		},
		"the lab's metrics-server": {
			{"../lab/modules/metrics-server/go.mod", `sigs\.k8s\.io/metrics-server v(\S+)`},
			{"../lab/modules/metrics-server/ldflags", `version\.gitVersion=v(\S+)`},
		},
		"the lab's Prometheus operator": {
			{"../lab/modules/prometheus-operator/go.mod", `prometheus-operator/prometheus-operator v(\S+)`},
			{"../lab/modules/prometheus-operator/ldflags", `version\.Version=(\S+)`},
		},
		"the lab's Prometheus": { // the Go module of 3.5.0 has the version 0.305.0
			{"../lab/modules/prometheus/go.mod", `github\.com/prometheus/prometheus v0\.(\d)0?(\d+)\.(\S+)`},
			{"../lab/modules/prometheus/ldflags", `version\.Version=(\S+)`},
			{"../lab/add-ons/monitoring/prometheus.yaml", `version: v(\S+)`},
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
	}
	for minor, module := range labModules(t) {
		row, goMod, ldflags := `(?m)^`+regexp.QuoteMeta(minor), module+"/go.mod", module+"/ldflags"
		groups["the lab's Kubernetes "+minor] = []pin{
			{"../lab/versions", row + ` +v(\S+)`},
			{goMod, `\tk8s\.io/kubernetes v(\S+)`},
			{ldflags, `component-base/version\.gitVersion=v(\S+)`},
			{ldflags, `client-go/pkg/version\.gitVersion=v(\S+)`},
		}
		groups["the lab's etcd of Kubernetes "+minor] = []pin{
			{"../lab/versions", row + ` +\S+ +(\S+)-0`},
			{goMod, `\tgo\.etcd\.io/etcd/server/v3 v(\S+)`},
		}
		groups["the lab's CoreDNS of Kubernetes "+minor] = []pin{
			{"../lab/versions", row + ` +\S+ +\S+ +v(\S+)`},
			{goMod, `github\.com/coredns/coredns v(\S+)`},
		}
	}
	for name, pins := range groups {
		t.Run(name, func(t *testing.T) {
			first := ""
			for _, p := range pins {
				text, err := os.ReadFile(p.file)
				if err != nil {
					t.Fatal(err)
				}
				groups := regexp.MustCompile(p.pattern).FindSubmatch(text)
				if groups == nil {
					t.Errorf("%s has no version by the pattern %s", p.file, p.pattern)
					continue
				}
				switch version := string(bytes.Join(groups[1:], []byte("."))); {
				case first == "":
					first = version
				case version != first:
					t.Errorf("%s pins %s, but %s pins %s", p.file, version, pins[0].file, first)
				}
			}
		})
	}
}

// labModules returns the module of each minor version of Kubernetes in lab/versions: that of the default has no suffix.
func labModules(t *testing.T) map[string]string {
	t.Helper()
	modules, suffix := map[string]string{}, ""
	for _, row := range regexp.MustCompile(`(?m)^\d\.\d+`).FindAllString(testfile.Read(t, "../lab/versions"), -1) {
		if len(modules) > 0 {
			suffix = "-" + row
		}
		modules[row] = "../lab/modules/cluster" + suffix
	}
	if len(modules) < 2 {
		t.Fatalf("lab/versions has only the versions %v", modules)
	}
	return modules
}
