package main

import (
	"strings"
	"testing"

	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

const findings = `[
	{"type_meta": {"kind": "Deployment"}, "object_meta": {"name": "redis", "namespace": "hankki"}, "checks": [
		{"check": {"id": "container-resources"}, "grade": 1, "comments": [{"path": "redis", "summary": "CPU limit is not set"}]},
		{"check": {"id": "deployment-replicas"}, "grade": 5, "comments": [{"summary": "Deployment few replicas"}]},
		{"check": {"id": "pod-probes"}, "grade": 10, "comments": [{"summary": "well done"}]},
		{"check": {"id": "stable-version"}, "grade": 1, "skipped": true}]},
	{"type_meta": {"kind": "Service"}, "object_meta": {"name": "redis", "namespace": "hankki"}, "checks": [
		{"check": {"id": "service-type"}, "grade": 10}]}]`

const (
	noCPULimit = "- {check: container-resources, remark: CPU limit is not set, objects: ['*/*/*'], reason: it throttles}\n"
	oneReplica = "- {check: deployment-replicas, objects: [Deployment/hankki/redis], reason: one is enough}\n"
)

func TestEveryFindingIsAccepted(t *testing.T) {
	got, err := run(testfile.Temporary(t, "exceptions.yaml", noCPULimit+oneReplica), []string{testfile.Temporary(t, "a.json", findings), testfile.Temporary(t, "b.json", findings)})
	if err != nil || !strings.HasPrefix(got, "8 checks of 4 objects; 4 findings, all accepted by the 2 exceptions in ") {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestErrors(t *testing.T) {
	for name, c := range map[string]struct {
		exceptions, report string
		words              []string
	}{
		"a finding without an exception":  {oneReplica, findings, []string{"Deployment/hankki/redis, redis: CPU limit is not set (container-resources): fix it"}},
		"an exception for another remark": {oneReplica + strings.Replace(noCPULimit, "CPU", "Memory", 1), findings, []string{"CPU limit is not set", "matches no finding: remove it"}},
		"an exception for another object": {noCPULimit + strings.Replace(oneReplica, "redis", "backend", 1), findings, []string{"Deployment few replicas", "deployment-replicas of Deployment/hankki/backend matches no finding"}},
		"an exception without a finding":  {noCPULimit + oneReplica + "- {check: pod-probes, objects: ['*/*/*'], reason: so}", findings, []string{"pod-probes of */*/* matches no finding"}},
		"no reason":                       {noCPULimit + "- {check: deployment-replicas, objects: ['*/*/*']}", findings, []string{`exception 2 ("deployment-replicas") lacks`}},
		"a malformed pattern":             {noCPULimit + "- {check: deployment-replicas, objects: ['['], reason: so}", findings, []string{"syntax error in pattern"}},
		"an unknown key":                  {noCPULimit + "- {chek: deployment-replicas}", findings, []string{"field chek not found"}},
		"no report":                       {noCPULimit + oneReplica, "", []string{"is not a report of kube-score"}},
		"no object":                       {noCPULimit + oneReplica, "[]", []string{"ran no check"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := run(testfile.Temporary(t, "exceptions.yaml", c.exceptions), []string{testfile.Temporary(t, "a.json", c.report)})
			stacktest.CheckError(t, err, c.words...)
		})
	}
}

func TestFindingWithoutRemark(t *testing.T) {
	report := strings.Replace(findings, `, "comments": [{"summary": "Deployment few replicas"}]`, "", 1)
	_, err := run(testfile.Temporary(t, "exceptions.yaml", noCPULimit), []string{testfile.Temporary(t, "a.json", report)})
	stacktest.CheckError(t, err, "Deployment/hankki/redis: fails (deployment-replicas)")
}
