// Package e2e deploys the stacks onprem (the report's values) and dev to the lab with the Pulumi CLI, and tests the site from a
// client on the LAN. `make test-e2e` and `make test-outages` start the lab and run it.
package e2e

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The report's addresses, as URLs.
const (
	siteURL = "http://10.0.0.4"
	apiURL  = "http://10.0.0.3:5000"
)

// lab is the running lab of this machine.
type lab struct {
	t      *testing.T
	root   string // of the checkout
	folder string // of the running lab
}

func runningLab(t *testing.T) lab {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	l := lab{t: t, root: root, folder: os.Getenv("HANKKI_LAB")}
	if l.folder == "" {
		t.Fatal("HANKKI_LAB is not set: run these tests by `make test-e2e`")
	}
	if out, err := l.command(time.Minute, "lab/lab", "status").CombinedOutput(); err != nil {
		t.Fatalf("the lab is not ready; run `make lab-up`: %v\n%s", err, out)
	}
	return l
}

// command returns a command with a time limit that runs in the checkout.
func (l lab) command(limit time.Duration, name string, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	l.t.Cleanup(cancel)
	if strings.Contains(name, "/") && !filepath.IsAbs(name) {
		name = filepath.Join(l.root, name)
	}
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = l.root
	return c
}

// run returns a command's standard output, and fails the test if the command fails.
func (l lab) run(t *testing.T, name string, args ...string) string {
	t.Helper()
	c := l.command(2*time.Minute, name, args...)
	var stderr strings.Builder
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}

// onClient runs a command on the lab's client host, which is on the LAN and outside the cluster.
func (l lab) onClient(t *testing.T, args ...string) string {
	t.Helper()
	return l.run(t, "lab/lab", append([]string{"exec", "client"}, args...)...)
}

func (l lab) kubectl(t *testing.T, args ...string) string {
	t.Helper()
	return l.run(t, "lab/lab", append([]string{"kubectl"}, args...)...)
}

// create creates the object of a manifest.
func (l lab) create(t *testing.T, manifest string) {
	t.Helper()
	if out, err := l.tryCreate(manifest); err != nil {
		t.Fatalf("kubectl create: %v\n%s", err, out)
	}
}

func (l lab) tryCreate(manifest string, args ...string) (printed string, err error) {
	c := l.command(time.Minute, "lab/lab", append([]string{"kubectl", "create", "-f", "-"}, args...)...)
	c.Stdin = strings.NewReader(manifest)
	out, err := c.CombinedOutput()
	return string(out), err
}

// get decodes an object or a list of objects from the cluster into a value.
func (l lab) get(t *testing.T, into any, args ...string) {
	t.Helper()
	out := l.kubectl(t, append(append([]string{"get"}, args...), "-o", "json")...)
	if err := json.Unmarshal([]byte(out), into); err != nil {
		t.Fatalf("kubectl get %s: %v", strings.Join(args, " "), err)
	}
}

// secretFile reads a password that the lab generated.
func (l lab) secretFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(l.folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// objects lists all objects of the cluster, without those that controllers create and delete at any time.
func (l lab) objects(t *testing.T) map[string]bool {
	t.Helper()
	var kinds []string
	for kind := range strings.FieldsSeq(l.kubectl(t, "api-resources", "--verbs=list", "-o", "name")) {
		switch kind {
		case "events", "events.events.k8s.io", "leases.coordination.k8s.io", "componentstatuses", "pods", "replicasets.apps",
			"endpoints", "endpointslices.discovery.k8s.io", "ipamhandles.crd.projectcalico.org", "ipamblocks.crd.projectcalico.org":
		default:
			kinds = append(kinds, kind)
		}
	}
	found := map[string]bool{}
	out := l.kubectl(t, "get", strings.Join(kinds, ","), "-A", "--ignore-not-found",
		"-o", `go-template={{range .items}}{{.kind}} {{with .metadata.namespace}}{{.}}/{{end}}{{.metadata.name}}{{"\n"}}{{end}}`)
	for line := range strings.Lines(out) {
		found[strings.TrimSpace(line)] = true
	}
	return found
}
