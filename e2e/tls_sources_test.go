package e2e

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// externalSecret is the Secret of a certificate that the test writes and the stack reads.
const externalSecret = "site-certificate"

// issuedSecret returns the name of cert-manager's only Certificate, and of its Secret.
func issuedSecret(t *testing.T, l lab) string {
	t.Helper()
	var list struct {
		Items []struct{ Metadata struct{ Name string } }
	}
	l.get(t, &list, "certificates", "-n", "hankki")
	if len(list.Items) != 1 {
		t.Fatalf("the namespace has %d certificates, not 1", len(list.Items))
	}
	return list.Items[0].Metadata.Name
}

// useExternalSecret configures a Secret that the test writes as the source of the certificate, which expires in 3 days, and enables
// monitoring. The up prints a warning.
func useExternalSecret(t *testing.T, l lab, s stack, p pki, output io.Writer) {
	t.Helper()
	l.lab(t, "add", "monitoring")
	l.kubectl(t, "create", "-f", p.secret(t, l, "hankki", externalSecret, p.issueFor(t, 3)))
	s.unset(t, "tls.certFile")
	if err := s.RemoveConfig(t.Context(), "hankki:tlsKey"); err != nil {
		t.Fatal(err)
	}
	s.set(t, "tls.secretName", externalSecret)
	var printed strings.Builder
	s.monitoring(t, "true").up(t, io.MultiWriter(&printed, output))
	expectOutput(t, printed.String(), `tls.secretName "`+externalSecret+`" expires on`)
}

// checkCertificateAlert waits until the alert about the certificate of useExternalSecret fires. It resolves after the Secret has a
// certificate that expires in 80 days. Prometheus then measures that certificate in each pod.
func checkCertificateAlert(t *testing.T, l lab, p pki) {
	t.Helper()
	eventually(t, 15*time.Minute, func() string { // `for` is 10 minutes
		return unless(l.rules(t)["HankkiCertificateEnds"].State, "firing")
	})
	checkRenewal(t, l, p, func() string {
		site := p.issueFor(t, 80)
		l.kubectl(t, "replace", "-f", p.secret(t, l, "hankki", externalSecret, site))
		return site.Chain
	})
	eventually(t, 3*time.Minute, func() string {
		return unless(l.rules(t)["HankkiCertificateEnds"].State, "inactive")
	})
	if unknown := l.rules(t)["HankkiCertificateUnknown"]; unknown.Health != "ok" || unknown.State != "inactive" {
		t.Errorf("HankkiCertificateUnknown is %s, %s: %s", unknown.Health, unknown.State, unknown.LastError)
	}
	var measured struct {
		Result []struct{ Metric struct{ Pod string } }
	}
	l.prometheus(t, "query?query="+url.QueryEscape(`(probe_ssl_earliest_cert_expiry{namespace="hankki"} - time()) / 86400 > 79`), &measured)
	var pods, want []string
	for _, result := range measured.Result {
		pods = append(pods, result.Metric.Pod)
	}
	for _, pod := range sitePods(t, l) {
		want = append(want, pod.Metadata.Name)
	}
	slices.Sort(pods)
	slices.Sort(want)
	if !slices.Equal(pods, want) {
		t.Errorf("the certificate of 80 days is measured in the pods %v, want %v", pods, want)
	}
}

// checkCertManager configures cert-manager with the test's authority. Up waits for the certificate. cert-manager renews it.
func checkCertManager(t *testing.T, l lab, s stack, p pki, output io.Writer) {
	t.Helper()
	l.lab(t, "add", "cert-manager")
	l.kubectl(t, "create", "-f", p.secret(t, l, "cert-manager", "corp", p.authority))
	l.create(t, `{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: corp}, spec: {ca: {secretName: corp}}}`)
	s.monitoring(t, "false").unset(t, "tls.secretName")
	s.set(t, "tls.issuer.kind", "ClusterIssuer")
	s.set(t, "tls.issuer.name", "corp")
	s.up(t, output)
	former := issued(t, l)
	for pod, certificate := range servedBy(t, l) {
		if certificate != leaf(former) {
			t.Errorf("after the up %s serves another certificate than cert-manager's", pod)
		}
	}
	checkRenewal(t, l, p, func() (chain string) {
		renew(t, l, p)
		eventually(t, time.Minute, func() string {
			if chain = issued(t, l); chain == former {
				return "cert-manager has not renewed the certificate"
			}
			return ""
		})
		return chain
	})
}

// renew does what `cmctl renew` does: it sets the condition Issuing.
func renew(t *testing.T, l lab, p pki) {
	t.Helper()
	var object struct{ Metadata struct{ Generation int64 } }
	name := issuedSecret(t, l)
	l.get(t, &object, "certificate", name, "-n", "hankki")
	l.kubectl(t, "apply", "--server-side", "--subresource=status", "--field-manager=cmctl", "-f", p.write(t, "renew.yaml", fmt.Sprintf(`
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: %s, namespace: hankki}
status:
  conditions:
  - {type: Issuing, status: "True", reason: ManuallyTriggered, message: by the test, observedGeneration: %d, lastTransitionTime: %q}
`, name, object.Metadata.Generation, time.Now().UTC().Format(time.RFC3339))))
}

// issued returns the chain (PEM) that cert-manager wrote into the Secret.
func issued(t *testing.T, l lab) string {
	t.Helper()
	var secret struct{ Data map[string]string }
	l.get(t, &secret, "secret", issuedSecret(t, l), "-n", "hankki")
	chain, err := base64.StdEncoding.DecodeString(secret.Data["tls.crt"])
	if err != nil {
		t.Fatal(err)
	}
	return string(chain)
}
