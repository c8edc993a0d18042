package e2e

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"

	"hankki/internal/testfile"
)

// additionsWarning is in each warning about fields that another client wrote.
const additionsWarning = "has fields that hankki did not write"

// sidecar appends a container to the front end's pods. It is a JSON patch: a strategic merge patch would insert the container
// before nginx, and a refresh, which compares lists item by item, would detect that.
const sidecar = `[{"op":"add","path":"/spec/template/spec/containers/-","value":{"name":"spy","image":"registry.k8s.io/pause:3.10.2",` +
	`"securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}}]`

// checkAdditions adds fields by hand that a refresh does not detect, and makes changes that a refresh detects. Preview and up
// print each object and field. An update of an object removes the fields that kubectl added to it. Other added fields stay
// until they are removed by hand.
func checkAdditions(t *testing.T, l lab, s stack, output io.Writer) {
	l.kubectl(t, "rollout", "restart", "-n", "hankki", "deployment/frontend") // must not be reported
	l.rolledOut(t, "hankki")
	if printed := s.preview(t, output); strings.Contains(printed, additionsWarning) {
		t.Errorf("additions are reported for an unchanged site:\n%s", printed)
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
	var printed strings.Builder
	s.up(t, io.MultiWriter(&printed, output), optup.Refresh())
	expectOutput(t, printed.String(), lines...)
	for _, row := range []struct{ object, path, want string }{
		{"deployment/backend", `{.spec.template.spec.containers[0].env[?(@.name=="DATABASE_SSLMODE")].value}`, "require"},
		{"deployment/backend", `{.spec.template.spec.containers[0].env[?(@.name=="DEBUG")].value}`, ""}, // removed by the update of the object
		{"deployment/frontend", `{.spec.template.spec.containers[*].name}`, "nginx spy"},
		{"deployment/redis", `{.metadata.labels.team}`, "kitchen"},
		{"service/frontend", `{.metadata.annotations.note}`, "by hand"},
	} {
		t.Run(row.path+" of "+row.object, func(t *testing.T) {
			if got := l.kubectl(t, "get", "-n", "hankki", row.object, "-o", "jsonpath="+row.path); got != row.want {
				t.Errorf("after up --refresh %s of %s is %q, want %q", row.path, row.object, got, row.want)
			}
		})
	}
	if got := l.kubectl(t, "get", "-n", "metallb-system", "ipaddresspool/address-pool", "-o", "jsonpath={.spec.addresses[*]}"); got != "10.0.0.3-10.0.0.254" {
		t.Errorf("after up --refresh the pool has %s", got)
	}
	replaceIn(t, s.folder+"/images/frontend/index.html", "<title>", "<title>새로운 ")
	s.up(t, output)
	if got := l.kubectl(t, "get", "-n", "hankki", "deployment/frontend", "-o", "jsonpath={.spec.template.spec.containers[*].name}"); got != "nginx" {
		t.Errorf("after an update of the front end its containers are %s", got)
	}
	testfile.CopyCheckout(t, l.root, s.folder, "images/frontend")
	l.kubectl(t, "label", "-n", "hankki", "deployment/redis", "team-")
	l.kubectl(t, "label", "namespace", "hankki", "cost-")
	l.kubectl(t, "annotate", "-n", "hankki", "service/frontend", "note-")
	printed.Reset()
	s.up(t, io.MultiWriter(&printed, output))
	if strings.Contains(printed.String(), additionsWarning) {
		t.Errorf("up reports additions after all of them were removed:\n%s", printed.String())
	}
}

// preview returns the output of `pulumi preview`.
func (s stack) preview(t *testing.T, output io.Writer) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var printed strings.Builder
	both := io.MultiWriter(&printed, output)
	if _, err := s.Preview(ctx, optpreview.ProgressStreams(both), optpreview.ErrorProgressStreams(both)); err != nil {
		t.Fatalf("pulumi preview: %v", err)
	}
	return printed.String()
}
