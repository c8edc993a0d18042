package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// podList is the part of a list of pods that the checks read.
type podList struct {
	Items []struct {
		Metadata struct{ Name string }
		Spec     struct{ NodeName string }
		Status   struct {
			Phase      string
			Conditions []struct{ Type, Status string }
		}
	}
}

func checkPods(t *testing.T, l lab) {
	t.Helper()
	for app, replicas := range map[string]int{"redis": 1, "backend": 5, "frontend": 1} {
		var pods podList
		l.get(t, &pods, "pods", "-n", "hankki", "-l", "app.kubernetes.io/name="+app, "--field-selector", "status.phase=Running")
		ready, nodes := 0, map[string]int{}
		for _, pod := range pods.Items {
			for _, c := range pod.Status.Conditions {
				if c.Type == "Ready" && c.Status == "True" {
					ready++
					nodes[pod.Spec.NodeName]++
				}
			}
		}
		if ready < replicas {
			t.Errorf("%s: %d pods are ready, want %d", app, ready, replicas)
		}
		if app == "backend" && (nodes["w1"] == 0 || nodes["w2"] == 0) {
			t.Errorf("the API's pods are on %v, want some on both w1 and w2", nodes)
		}
	}
}

func checkServices(t *testing.T, l lab) {
	t.Helper()
	for name, want := range map[string]string{"backend": "10.0.0.3", "frontend": "10.0.0.4", "redis": ""} {
		var service struct {
			Spec   struct{ Type string }
			Status struct {
				LoadBalancer struct{ Ingress []struct{ IP string } }
			}
		}
		l.get(t, &service, "service", name, "-n", "hankki")
		var got string
		for _, i := range service.Status.LoadBalancer.Ingress {
			got += i.IP
		}
		if got != want {
			t.Errorf("service %s has the addresses %q, want %q", name, got, want)
		}
	}
}

func checkRedisHost(t *testing.T, l lab, s stack) {
	t.Helper()
	var service struct{ Spec struct{ ClusterIP string } }
	l.get(t, &service, "service", "redis", "-n", "hankki")
	if got := s.output(t, "redisHost"); got != service.Spec.ClusterIP {
		t.Errorf("the stack's output redisHost is %s, the Service has %s", got, service.Spec.ClusterIP)
	}
	var pods podList
	l.get(t, &pods, "pods", "-n", "hankki", "-l", "app.kubernetes.io/name=backend")
	for _, pod := range pods.Items {
		got := strings.TrimSpace(l.kubectl(t, "exec", "-n", "hankki", pod.Metadata.Name, "--", "printenv", "REDIS_HOST"))
		if got != service.Spec.ClusterIP {
			t.Errorf("REDIS_HOST in %s is %q, the Service has %s", pod.Metadata.Name, got, service.Spec.ClusterIP)
		}
	}
}

func checkCORS(t *testing.T, l lab) {
	t.Helper()
	preflight := func(origin string) string {
		answer := l.onClient(t, "curl", "-sS", "-i", "--max-time", "10", "-X", "OPTIONS", apiURL+"/api/v1/auth/login",
			"-H", "Origin: "+origin, "-H", "Access-Control-Request-Method: POST", "-H", "Access-Control-Request-Headers: content-type")
		for line := range strings.Lines(answer) {
			name, value, _ := strings.Cut(line, ":")
			if strings.EqualFold(name, "Access-Control-Allow-Origin") {
				return strings.TrimSpace(value)
			}
		}
		return ""
	}
	if got := preflight(siteURL); got != siteURL {
		t.Errorf("a preflight from %s is answered with the origin %q", siteURL, got)
	}
	for _, other := range []string{"http://10.0.0.5", "https://10.0.0.4", "http://10.0.0.4:8080", "null"} {
		if got := preflight(other); got != "" {
			t.Errorf("a preflight from %s is answered with the origin %q", other, got)
		}
	}
}

// checkBrowser runs the Playwright tests in a real Chromium on the client host, where the API has that origin.
func checkBrowser(t *testing.T, l lab, api string) {
	t.Helper()
	c := l.command(15*time.Minute, "lab/lab", "exec", "client", "env", "SITE_URL="+siteURL+"/", "API_URL="+api,
		"npx", "--prefix", filepath.Join(l.root, "e2e/browser"), "playwright", "test")
	c.Dir = filepath.Join(l.root, "e2e/browser")
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if err := c.Run(); err != nil {
		t.Errorf("playwright: %v", err)
	}
}
