package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// podList has the fields of a list of pods that the checks read.
type podList struct{ Items []pod }

type pod struct {
	Metadata struct {
		Name              string
		Labels            map[string]string
		DeletionTimestamp string
	}
	Spec struct {
		NodeName string
		Volumes  []struct {
			Name   string
			Secret struct{ SecretName string }
		}
	}
	Status struct {
		Phase      string
		PodIP      string
		Conditions []struct{ Type, Status string }
	}
}

func (p pod) ready() bool {
	for _, c := range p.Status.Conditions {
		if c.Type == "Ready" {
			return c.Status == "True"
		}
	}
	return false
}

// podOf returns a ready pod of an app that is not terminating: an old pod may lack the latest change.
func podOf(t *testing.T, l lab, app string) pod {
	t.Helper()
	var pods podList
	l.get(t, &pods, "pods", "-n", "hankki", "-l", "app.kubernetes.io/name="+app)
	for _, pod := range pods.Items {
		if pod.ready() && pod.Metadata.DeletionTimestamp == "" {
			return pod
		}
	}
	t.Fatalf("no pod of %s is ready", app)
	return pod{}
}

// checkPods fails the test unless all pods of the site and of MetalLB are ready, their number per tier is right, and both
// workers have pods of the API. Terminating pods and completed Jobs do not count.
func checkPods(t *testing.T, l lab, frontends int) {
	t.Helper()
	// MetalLB: a controller, and a speaker on each of three nodes.
	want := map[string]int{"redis": 1, "backend": 5, "frontend": frontends, "metallb": 4}
	eventually(t, 30*time.Second, func() string {
		ready, nodes := map[string]int{}, map[string]int{}
		for _, namespace := range []string{"hankki", "metallb-system"} {
			var pods podList
			l.get(t, &pods, "pods", "-n", namespace)
			for _, pod := range pods.Items {
				switch {
				case pod.Metadata.DeletionTimestamp != "" || pod.Status.Phase == "Succeeded":
					continue
				case !pod.ready():
					return pod.Metadata.Name + " in " + namespace + " is not ready"
				}
				app := pod.Metadata.Labels["app.kubernetes.io/name"]
				ready[app]++
				if app == "backend" {
					nodes[pod.Spec.NodeName]++
				}
			}
		}
		if nodes["w1"] == 0 || nodes["w2"] == 0 {
			return fmt.Sprintf("the API's pods are on %v, want some on both w1 and w2", nodes)
		}
		return unless(fmt.Sprint(ready), fmt.Sprint(want))
	})
}

func checkServices(t *testing.T, l lab) {
	t.Helper()
	for name, want := range map[string]string{"backend": "10.0.0.3", "frontend": "10.0.0.4", "redis": ""} {
		t.Run(name, func(t *testing.T) {
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
				t.Errorf("Service %s has the addresses %q, want %q", name, got, want)
			}
		})
	}
}

func checkRedisHost(t *testing.T, l lab, s stack) {
	t.Helper()
	var service struct{ Spec struct{ ClusterIP string } }
	l.get(t, &service, "service", "redis", "-n", "hankki")
	if got := s.output(t, "redisHost"); got != service.Spec.ClusterIP {
		t.Errorf("the stack's output redisHost is %s, the ClusterIP is %s", got, service.Spec.ClusterIP)
	}
	var pods podList
	l.get(t, &pods, "pods", "-n", "hankki", "-l", "app.kubernetes.io/name=backend")
	for _, pod := range pods.Items {
		t.Run(pod.Metadata.Name, func(t *testing.T) {
			got := strings.TrimSpace(l.kubectl(t, "exec", "-n", "hankki", pod.Metadata.Name, "--", "printenv", "REDIS_HOST"))
			if got != service.Spec.ClusterIP {
				t.Errorf("REDIS_HOST in %s is %q, the ClusterIP is %s", pod.Metadata.Name, got, service.Spec.ClusterIP)
			}
		})
	}
}

// checkClientAddress: with externalTrafficPolicy Local the API logs the client's address, not that of the forwarding node.
func checkClientAddress(t *testing.T, l lab, s stack, output io.Writer) {
	t.Helper()
	client := strings.Fields(l.onClient(t, "hostname", "-I"))
	if address := loggedClient(t, l, apiURL); slices.Contains(client, address) {
		t.Errorf("the API logs %s without externalTrafficPolicy Local, contrary to docs/operations.md", address)
	}
	s.set(t, "backend.externalTrafficPolicy", "Local")
	s.up(t, output)
	eventually(t, 15*time.Second, func() string {
		if address := loggedClient(t, l, apiURL); !slices.Contains(client, address) {
			return fmt.Sprintf("the API's log names %s, the client is %v", address, client)
		}
		return ""
	})
	s.unset(t, "backend.externalTrafficPolicy")
	s.up(t, output)
}

// checkForgedClient sends a forged X-Forwarded-For, the header by which Nginx passes the client's address to the API. Neither
// address of the site trusts it.
func checkForgedClient(t *testing.T, l lab) {
	t.Helper()
	const forged = "203.0.113.7"
	for _, origin := range []string{apiURL, siteURL} {
		t.Run(origin, func(t *testing.T) {
			if address := loggedClient(t, l, origin, "-H", "X-Forwarded-For: "+forged); address == forged {
				t.Errorf("%s trusts the forged client address %s", origin, forged)
			}
		})
	}
}

// loggedClient sends a request from the client host to the API, with more options for curl, and returns the client address
// that the API logs for it.
func loggedClient(t *testing.T, l lab, origin string, options ...string) string {
	t.Helper()
	request := append([]string{"curl", "-sSf", "--max-time", "10", "-o", "/dev/null", "-w", "%header{x-request-id}"}, options...)
	id := l.onClient(t, append(request, origin+"/api/v1/recipes")...)
	var entry struct{ Client string }
	eventually(t, 10*time.Second, func() string {
		for line := range strings.Lines(l.logs(t)) {
			if id != "" && strings.Contains(line, id) && json.Unmarshal([]byte(line), &entry) == nil && entry.Client != "" {
				return ""
			}
		}
		return fmt.Sprintf("no line of the API's log has the request %q", id)
	})
	return entry.Client
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
		t.Errorf("a preflight from %s returns the origin %q", siteURL, got)
	}
	for _, other := range []string{"http://10.0.0.5", "https://10.0.0.4", "http://10.0.0.4:8080", "null"} {
		if got := preflight(other); got != "" {
			t.Errorf("a preflight from %s returns the origin %q, want none", other, got)
		}
	}
}

// checkBrowser runs all Playwright tests in Chromium on the client host.
func checkBrowser(t *testing.T, l lab) {
	t.Helper()
	playwright(t, l, "direct", []string{"SITE_URL=" + siteURL + "/", "API_URL=" + apiURL})
}

// checkBrowserAgain runs the flows and Lighthouse at other URLs. The axe tests are left out: they see the same pages as in checkBrowser.
func checkBrowserAgain(t *testing.T, l lab, name, site, api string, trusting []string) {
	t.Helper()
	environment := append(slices.Clone(trusting), "SITE_URL="+site+"/", "API_URL="+api)
	playwright(t, l, name+"-flows", environment, "--project=flows")
	playwright(t, l, name+"-lighthouse", environment, "--project=lighthouse", "--no-deps")
}

// browserInputs are the browser tests and what their results depend on: the images, the manifests and the lab.
const browserInputs = ". ../../images ../../components ../../internal/site/testdata ../../lab"

// playwright runs tests in Chromium on the client host, unless they passed on this machine with the same inputs.
func playwright(t *testing.T, l lab, name string, environment []string, options ...string) {
	t.Helper()
	// KUBERNETES is for if-changed.sh alone: the tests passed with that version of Kubernetes.
	command := slices.Concat([]string{"browser-" + name, browserInputs, "../../lab/lab", "exec", "client", "env", "KUBERNETES=" + os.Getenv("KUBERNETES")}, environment,
		[]string{"npx", "playwright", "test"}, options)
	c := l.command(15*time.Minute, "tools/if-changed.sh", command...)
	c.Dir = filepath.Join(l.root, "e2e/browser")
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if err := c.Run(); err != nil {
		t.Errorf("playwright %v: %v", options, err)
	}
}
