package e2e

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// addedLine is in each warning about fields that somebody else wrote.
const addedLine = "has fields that hankki did not write"

// sidecar is a container that somebody appends to the front end. A strategic merge patch would insert it before ours, and a
// refresh compares lists item by item, so it would see that.
const sidecar = `[{"op":"add","path":"/spec/template/spec/containers/-","value":{"name":"spy","image":"registry.k8s.io/pause:3.10.1",` +
	`"securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}}]`

// checkAdditions adds to objects by hand what no refresh sees, beside changes that a refresh sees: a preview and an up name
// each object and field; an update of an object removes what kubectl added to it; all else stays until somebody removes it.
func checkAdditions(t *testing.T, l lab, s stack, output io.Writer) {
	l.kubectl(t, "rollout", "restart", "-n", "hankki", "deployment/frontend") // which is no addition
	l.rolledOut(t, "hankki")
	if said := s.preview(t, output); strings.Contains(said, addedLine) {
		t.Errorf("a site that nobody touched is said to have additions:\n%s", said)
	}
	l.kubectl(t, "set", "env", "-n", "hankki", "deployment/backend", "DEBUG=1", "DATABASE_SSLMODE=prefer")
	l.kubectl(t, "patch", "-n", "hankki", "deployment/frontend", "--type=json", "--patch", sidecar)
	l.kubectl(t, "label", "-n", "hankki", "deployment/redis", "team=kitchen")
	l.kubectl(t, "label", "namespace", "hankki", "cost=kitchen")
	l.kubectl(t, "annotate", "-n", "hankki", "service/frontend", "note=by hand")
	l.kubectl(t, "patch", "-n", "metallb-system", "ipaddresspool/address-pool", "--type=merge", "--patch", `{"spec":{"addresses":["10.0.0.3-10.0.0.200"],"serviceAllocation":{"priority":50}}}`)
	l.rolledOut(t, "hankki")
	lines := []string{
		`Deployment hankki/backend has fields`, `.spec.template.spec.containers[name="flask"].env[name="DEBUG"]`,
		`Deployment hankki/frontend has fields`, `.spec.template.spec.containers[name="spy"] (kubectl-patch`,
		`Deployment hankki/redis has fields`, `.metadata.labels.team (kubectl-label`,
		`Namespace hankki has fields`, `.metadata.labels.cost`,
		`Service hankki/frontend has fields`, `.metadata.annotations.note (kubectl-annotate`,
		`IPAddressPool metallb-system/address-pool has fields`, `.spec.serviceAllocation.priority`,
	}
	expectOutput(t, s.preview(t, output), lines...)

	seen, err := s.PreviewRefresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := seen.ChangeSummary; got["update"] < 2 {
		t.Errorf("refresh shows %v, want the updates of the API's Deployment and of the pool", got)
	}
	var said strings.Builder
	s.up(t, io.MultiWriter(&said, output), optup.Refresh())
	expectOutput(t, said.String(), lines...)
	for _, row := range []struct{ object, path, want string }{
		{"deployment/backend", `{.spec.template.spec.containers[0].env[?(@.name=="DATABASE_SSLMODE")].value}`, "require"},
		{"deployment/backend", `{.spec.template.spec.containers[0].env[?(@.name=="DEBUG")].value}`, ""}, // with the update of the object
		{"deployment/frontend", `{.spec.template.spec.containers[*].name}`, "nginx spy"},
		{"deployment/redis", `{.metadata.labels.team}`, "kitchen"},
		{"service/frontend", `{.metadata.annotations.note}`, "by hand"},
	} {
		if got := l.kubectl(t, "get", "-n", "hankki", row.object, "-o", "jsonpath="+row.path); got != row.want {
			t.Errorf("after up --refresh %s of %s is %q, want %q", row.path, row.object, got, row.want)
		}
	}
	if got := l.kubectl(t, "get", "-n", "metallb-system", "ipaddresspool/address-pool", "-o", "jsonpath={.spec.addresses[*]}"); got != "10.0.0.3-10.0.0.254" {
		t.Errorf("after up --refresh the pool has %s", got)
	}
	replaceIn(t, s.folder+"/images/frontend/index.html", "<title>", "<title>새로운 ")
	s.up(t, output)
	if got := l.kubectl(t, "get", "-n", "hankki", "deployment/frontend", "-o", "jsonpath={.spec.template.spec.containers[*].name}"); got != "nginx" {
		t.Errorf("after an update of the front end its containers are %s", got)
	}
	s.copyImages(t, l, "frontend")
	l.kubectl(t, "label", "-n", "hankki", "deployment/redis", "team-")
	l.kubectl(t, "label", "namespace", "hankki", "cost-")
	l.kubectl(t, "annotate", "-n", "hankki", "service/frontend", "note-")
	said.Reset()
	s.up(t, io.MultiWriter(&said, output))
	if strings.Contains(said.String(), addedLine) {
		t.Errorf("after all was removed, an up still says:\n%s", said.String())
	}
}

// preview gives what `pulumi preview` prints.
func (s stack) preview(t *testing.T, output io.Writer) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var said strings.Builder
	both := io.MultiWriter(&said, output)
	if _, err := s.Preview(ctx, optpreview.ProgressStreams(both), optpreview.ErrorProgressStreams(both)); err != nil {
		t.Fatalf("pulumi preview: %v", err)
	}
	return said.String()
}
