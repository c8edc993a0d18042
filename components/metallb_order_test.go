package components

import (
	"os/exec"
	"strings"
	"testing"
)

func TestMetalLBIsCreatedInOrder(t *testing.T) {
	manifests := `---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: metallb-controller
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: metallb-speaker
  namespace: "kitchen"
spec:
  template:
    metadata:
      labels: {app: metallb}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: metallb-controller
  namespace: "kitchen"
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  annotations:
    made-by: controller-gen
  name: ipaddresspools.metallb.io
spec:
  names:
    kind: IPAddressPool
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: communities.metallb.io
`
	order := map[string]string{
		"  name: metallb-speaker\n": `  annotations: {config.kubernetes.io/depends-on: "apps/namespaces/kitchen/Deployment/metallb-controller"}` + "\n",
		"  name: metallb-controller\n  namespace: \"kitchen\"\n": `  annotations: {config.kubernetes.io/depends-on: "` +
			`apiextensions.k8s.io/CustomResourceDefinition/ipaddresspools.metallb.io,apiextensions.k8s.io/CustomResourceDefinition/communities.metallb.io"}` + "\n",
	}
	want := manifests
	for name, annotation := range order {
		want = strings.Replace(want, name, annotation+name, 1)
	}
	awk := exec.CommandContext(t.Context(), "awk", metalLBOrder)
	awk.Stdin = strings.NewReader(manifests)
	if got, err := awk.Output(); err != nil || string(got) != want {
		t.Errorf("error %v, the manifests are\n%s\nnot\n%s", err, got, want)
	}
}
