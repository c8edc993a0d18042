package e2e

import (
	"fmt"
	"io"
	"testing"

	"k8s.io/apimachinery/pkg/api/resource"
)

// filler is an idle pod that requests most of a node's CPU.
const filler = `apiVersion: v1
kind: Pod
metadata: {name: filler, namespace: default}
spec:
  terminationGracePeriodSeconds: 0
  nodeSelector: {kubernetes.io/hostname: w2}
  containers:
  - name: pause
    image: registry.k8s.io/pause:3.10.2
    resources: {requests: {cpu: %dm}}
`

// checkSpread fills one of the two workers. A new version of the API rolls out on the other worker, and no read fails. When the
// worker has room again, rolling updates spread the pods evenly over both.
func checkSpread(t *testing.T, l lab, s stack, output io.Writer) {
	s.set(t, "backend.replicas", "5")
	s.up(t, output)
	const left = 100 // millicores, too few for a pod of the API
	free := freeCPU(t, l, "w2")
	if free <= left {
		t.Fatalf("w2 has %dm of CPU free, which is too little to fill", free)
	}
	l.create(t, fmt.Sprintf(filler, free-left))
	l.kubectl(t, "wait", "-n", "default", "pod/filler", "--for=condition=Ready", "--timeout=60s")

	stay, come := load{rate: 15}.start(t, l), load{rate: 10, newVisitors: true}.start(t, l)
	s.change(t, "beside a full node")
	s.upChanges(t, output, newAPI...)
	stay.stop(t)
	come.stop(t)
	t.Logf("with %dm of CPU free on w2 the API's pods are on %v", left, nodesOf(t, l, "backend"))

	l.kubectl(t, "delete", "-n", "default", "pod/filler", "--wait=true")
	for range 3 {
		l.kubectl(t, "rollout", "restart", "-n", "hankki", "deployment/backend", "deployment/frontend")
		l.rolledOut(t, "hankki")
		nodes := nodesOf(t, l, "backend")
		t.Logf("after a rolling update on free nodes the API's pods are on %v", nodes)
		if nodes["w1"]+nodes["w2"] != 5 || max(nodes["w1"], nodes["w2"]) > 3 {
			t.Errorf("the API's pods are on %v, want three on one worker and two on the other", nodes)
		}
		if nodes := nodesOf(t, l, "frontend"); nodes["w1"] != 1 || nodes["w2"] != 1 {
			t.Errorf("the front end's pods are on %v, want one on each worker", nodes)
		}
	}
	s.set(t, "backend.replicas", "2")
	s.up(t, output)
}

// nodesOf returns the number of pods of an app by node, without terminating pods.
func nodesOf(t *testing.T, l lab, app string) map[string]int {
	t.Helper()
	var pods podList
	l.get(t, &pods, "pods", "-n", "hankki", "-l", "app.kubernetes.io/name="+app)
	nodes := map[string]int{}
	for _, pod := range pods.Items {
		if pod.Metadata.DeletionTimestamp == "" {
			nodes[pod.Spec.NodeName]++
		}
	}
	return nodes
}

// freeCPU returns the CPU of a node that no pod requests, in millicores.
func freeCPU(t *testing.T, l lab, name string) int64 {
	t.Helper()
	var node struct {
		Status struct {
			Allocatable struct{ CPU resource.Quantity }
		}
	}
	l.get(t, &node, "node", name)
	free := node.Status.Allocatable.CPU.MilliValue()
	var pods struct {
		Items []struct {
			Spec struct {
				Containers []struct {
					Resources struct {
						Requests struct{ CPU resource.Quantity }
					}
				}
			}
		}
	}
	l.get(t, &pods, "pods", "-A", "--field-selector", "status.phase!=Succeeded,status.phase!=Failed,spec.nodeName="+name)
	for _, pod := range pods.Items {
		for _, container := range pod.Spec.Containers {
			free -= container.Resources.Requests.CPU.MilliValue()
		}
	}
	return free
}
