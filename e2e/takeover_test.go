package e2e

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTakeover destroys a stack and deploys it again with its data. Then it adopts objects of a manually deployed site, and moves the
// addresses from it to the stack under reads.
func TestTakeover(t *testing.T) {
	l := runningLab(t)
	before := l.objects(t)
	dev := stage(t, l, "dev")
	deployed := dev
	report := byHand{folder: t.TempDir()}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log("objects of the cluster:\n" + l.kubectl(t, "get", "pods,services,jobs,nodes", "-A", "-o", "wide"))
		}
		deployed.destroy(t)
		report.remove(t, l)
	})
	out := io.Writer(os.Stdout)
	step := stepsOf(t)
	var cook *cook

	step("destroy keeps the data, prints what it waits for, and needs no registry", func(t *testing.T) {
		dev.up(t, out)
		cook = signUp(t, l)
		cook.jar = filepath.Join(report.folder, "cookies") // the step's own folder is removed after the step
		report.images = dev.images(t)
		checkStuckDestroy(t, l, dev)
	})
	step("the next up uses the data again", func(t *testing.T) {
		dev.up(t, out)
		eventually(t, 30*time.Second, func() string { return unless(cook.logIn(t), "200") })
	})
	step("destroy with SHARED=keep keeps MetalLB for foreign Services", func(t *testing.T) {
		checkSharedMetalLB(t, l, dev)
		dev.up(t, out)
		eventually(t, 30*time.Second, func() string { return unless(cook.logIn(t), "200") })
	})
	step("destroy with DATA=delete leaves only the copied PersistentVolumeClaim", func(t *testing.T) {
		checkCopyStays(t, l, dev)
		checkNothingIsLeft(t, l, before)
		dev.destroy(t) // of an empty stack
	})

	deployed = stageOnprem(t, l)
	deployed.setSecrets(t)
	deployed.set(t, "metallb.manage", "pools")
	step("a site is deployed by hand", func(t *testing.T) { report.create(t, l) })
	step("manually created objects are refused by up, and listed and adopted by make adopt", func(t *testing.T) { checkAdopt(t, l, deployed) })
	step("a failed handover returns the address", func(t *testing.T) { checkHandoverRolledBack(t, l, deployed) })
	step("the addresses move under reads", func(t *testing.T) { checkHandover(t, l, deployed) })
	step("destroy keeps foreign objects in its namespace, and a MetalLB that it did not install", func(t *testing.T) {
		deployed.destroy(t)
		l.kubectl(t, "get", "configmap/theirs", "-n", "hankki")
		l.kubectl(t, "rollout", "status", "-n", "metallb-system", "deployment/controller", "--timeout=10s")
	})
	step("the manually created objects are deleted", func(t *testing.T) {
		report.remove(t, l)
		checkNothingIsLeft(t, l, before)
	})
}

// checkStuckDestroy destroys a stack while the registry is stopped. Two objects have a finalizer that no controller removes;
// destroy prints each and the command that removes the finalizer.
func checkStuckDestroy(t *testing.T, l lab, s stack) {
	for _, object := range []string{"deployment/backend", "service/frontend"} {
		l.kubectl(t, "patch", "-n", "hankki", object, "--type=merge", "-p", `{"metadata":{"finalizers":["hankki.test/hold"]}}`)
	}
	l.lab(t, "stop", "registry")
	defer l.lab(t, "start", "registry")
	destroy := s.hankki(t.Context(), "destroy")
	var result, log lines
	destroy.Stdout, destroy.Stderr = &result, &log
	if err := destroy.Start(); err != nil {
		t.Fatal(err)
	}
	for _, stuck := range []struct{ object, cause, command string }{ // the engine deletes the front end before the API
		{"service/frontend", "Service hankki/frontend has the finalizer hankki.test/hold", "kubectl patch -n hankki Service/frontend"},
		{"deployment/backend", "Deployment hankki/backend has the finalizer hankki.test/hold", "kubectl patch -n hankki Deployment.v1.apps/backend"},
	} {
		began := time.Now()
		for time.Since(began) < 2*time.Minute && !log.has(stuck.cause) {
			time.Sleep(time.Second)
		}
		expectOutput(t, log.String(), stuck.cause, stuck.command)
		t.Logf("%s was reported after %v", stuck.object, time.Since(began))
		l.kubectl(t, "patch", "-n", "hankki", stuck.object, "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
	}
	if err := destroy.Wait(); err != nil {
		t.Fatalf("hankki destroy: %v\n%s", err, log.String())
	}
	expectOutput(t, result.String(), "PersistentVolumeClaim hankki/postgres", "kubectl delete -n hankki PersistentVolumeClaim/postgres",
		"Namespace hankki", "backend@sha256:")
	if got := l.kubectl(t, "get", "deployments,services,secrets,configmaps", "-n", "hankki", "-o", "name"); strings.TrimSpace(got) != "configmap/kube-root-ca.crt" {
		t.Errorf("the namespace still has:\n%s", got)
	}
	if got := l.kubectl(t, "get", "namespaces", "-o", "name"); strings.Contains(got, "metallb-system") {
		t.Error("the empty namespace metallb-system was not deleted")
	}
}

// byHand is the report's site, deployed with kubectl.
type byHand struct {
	folder string
	images map[string]string
}

func (b byHand) create(t *testing.T, l lab) {
	t.Helper()
	b.run(t, l, fmt.Sprintf("report_prepare %s %s %s && report_up", b.images["redis"], b.images["backend"], b.images["frontend"]))
	for _, url := range []string{siteURL + "/", apiURL + "/api/v1/recipes"} {
		eventually(t, 2*time.Minute, func() string {
			out, _ := l.command(time.Minute, "lab/lab", "exec", "client", "curl", "-s", "-o", "/dev/null", "-m", "5", "-w", "%{http_code}", url).Output()
			return unless(string(out), "200")
		})
	}
	l.create(t, "{apiVersion: v1, kind: Namespace, metadata: {name: hankki, labels: {pod-security.kubernetes.io/enforce: privileged}}}")
	l.create(t, "{apiVersion: v1, kind: ConfigMap, metadata: {name: theirs, namespace: hankki}}")
}

func (b byHand) remove(t *testing.T, l lab) {
	t.Helper()
	b.run(t, l, "report_down && kubectl delete namespace hankki --ignore-not-found --timeout=120s")
}

func (b byHand) run(t *testing.T, l lab, what string) {
	t.Helper()
	c := l.command(6*time.Minute, "bash", "-c", "set -euo pipefail; source tools/bench/lib.sh; source tools/bench/report.sh; "+what)
	c.Env = append(os.Environ(), "work="+b.folder, "KUBECONFIG="+filepath.Join(l.folder, "kubeconfig"))
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", what, err, out)
	}
}

// checkAdopt adopts the pool, the advertisement and a namespace.
func checkAdopt(t *testing.T, l lab, s stack) {
	versions := l.versions(t)
	printed := s.upError(t, io.Discard)
	expectOutput(t, printed, "IPAddressPool metallb-system/address-pool: written by kubectl-client-side-apply", "L2Advertisement metallb-system/recipe-lb: written by",
		"Namespace hankki: written by", "make adopt STACK=onprem")
	adopt := func(flags ...string) string {
		c := s.hankki(t.Context(), "adopt", flags...)
		var log strings.Builder
		c.Stderr = &log
		result, err := c.Output()
		if err != nil {
			t.Fatalf("hankki adopt: %v\n%s", err, log.String())
		}
		t.Logf("%s", result)
		return string(result)
	}
	expectOutput(t, adopt(), "IPAddressPool metallb-system/address-pool: written by kubectl-client-side-apply", "changes spec.autoAssign",
		"Namespace hankki: written by kubectl-create", `pod-security.kubernetes.io/enforce: "privileged" → "restricted"`,
		"L2Advertisement metallb-system/recipe-lb", "make adopt STACK=onprem YES=1")
	if after := l.versions(t); fmt.Sprint(after) != fmt.Sprint(versions) {
		t.Errorf("listing the objects changed them:\n%v\n%v", versions, after)
	}
	expectOutput(t, adopt("--yes"), "adopted 3 objects into stack onprem")
	expectOutput(t, adopt(), "nothing to adopt")
}

// checkHandover moves both addresses under reads of new visitors. No read of the page fails, and neither address is unavailable for
// more than 2 s.
func checkHandover(t *testing.T, l lab, s stack) {
	page, api := load{pages: []string{siteURL + "/"}, newVisitors: true}, load{pages: []string{apiURL + "/api/v1/recipes"}, newVisitors: true}
	pages, calls := page.start(t, l), api.start(t, l)
	c := s.hankki(t.Context(), "handover", "--from", "default")
	c.Env = append(c.Env, "XDG_CACHE_HOME="+t.TempDir()) // handover saves the Services here
	c.Stderr = os.Stdout
	result, err := c.Output()
	t.Logf("%s", result)
	pageReads, apiReads := pages.end(t), calls.end(t)
	if err != nil {
		t.Fatalf("hankki handover: %v", err)
	}
	expectOutput(t, string(result), "10.0.0.3: from Service default/backend-lb to Service hankki/backend", "10.0.0.4: from Service default/frontend-lb to Service hankki/frontend",
		"kubectl delete -n default Deployment.v1.apps/rest-flask-backend-deployment")
	for name, all := range map[string][]read{"page": pageReads, "API": apiReads} {
		failed, gap := failedReads(all)
		t.Logf("%s: %d of %d reads failed, the longest gap between two responses was %v", name, failed, len(all), gap)
		if name == "page" && failed > 0 {
			t.Errorf("%d reads of the page failed", failed)
		}
		if gap > 2*time.Second {
			t.Errorf("the %s did not respond for %v, want at most 2 s", name, gap)
		}
	}
	checkServices(t, l)
}

// failedReads returns the number of failed reads and the longest time between two successful responses.
func failedReads(all []read) (failed int, gap time.Duration) {
	var last time.Time
	for _, r := range all {
		if r.failed() {
			failed++
			continue
		}
		answered := r.Timestamp.Add(r.Latency)
		if !last.IsZero() {
			gap = max(gap, answered.Sub(last))
		}
		if answered.After(last) {
			last = answered
		}
	}
	return failed, gap
}
