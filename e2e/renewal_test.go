package e2e

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// renewalLimit is the time within which each pod serves a certificate after its Secret has changed. The kubelet syncs a pod every 60 to
// 90 s (jitter) and checks each second which pods are due. Mounting takes tenths of a second. tls.sh checks every 0.5 s.
const renewalLimit = 92 * time.Second

// checkRenewal calls renew, which replaces the certificate and returns the new chain (PEM), under reads. Each pod must serve the new
// certificate within renewalLimit after the Secret has changed, no pod is replaced, and no read fails over a new connection or a kept one.
func checkRenewal(t *testing.T, l lab, p pki, renew func() (chain string)) {
	t.Helper()
	reads := load{pages: []string{secureSiteURL + "/", secureAPIURL + "/api/v1/recipes"}, authority: filepath.Join(p.folder, "ca.crt")}
	stay := reads.start(t, l)
	reads.newVisitors = true
	come := reads.start(t, l)
	former := servedBy(t, l)
	before := slices.Sorted(maps.Keys(former))
	renewed := time.Now()
	chain := leaf(renew())
	changed := secretChanged(t, l)
	if changed.Before(renewed.Truncate(time.Second)) {
		t.Errorf("the certificate's Secret last changed at %v, before its renewal at %v", changed, renewed)
	}
	var first time.Duration
	// The time of the change has no fraction of a second.
	eventually(t, max(time.Second, time.Until(changed.Add(time.Second+renewalLimit))), func() string {
		var waiting []string
		served := servedBy(t, l)
		for pod, certificate := range served {
			switch certificate {
			case chain:
			case former[pod]:
				waiting = append(waiting, pod)
			default:
				return fmt.Sprintf("%s serves neither the former certificate nor the new one:\n%s", pod, certificate)
			}
		}
		if first == 0 && len(waiting) < len(served) {
			first = time.Since(changed)
		}
		if len(waiting) > 0 {
			slices.Sort(waiting)
			return "these pods serve the former certificate: " + strings.Join(waiting, ", ")
		}
		return ""
	})
	t.Logf("the first of %d pods serves the certificate after %v, the last after %v", len(former), first.Round(time.Second), time.Since(changed).Round(time.Second))
	if answer := p.curl(t, l, "ca.crt", "-o", "/dev/null", "-w", "%{http_code}", secureSiteURL); answer != "200" {
		t.Errorf("the page returns %s", answer)
	}
	stay.stop(t)
	come.stop(t)
	if after := slices.Sorted(maps.Keys(servedBy(t, l))); !slices.Equal(before, after) {
		t.Errorf("the pods are %v, want %v", after, before)
	}
}

// secretChanged returns when the Secret of the certificate that the pods mount last changed, in whole seconds.
func secretChanged(t *testing.T, l lab) time.Time {
	t.Helper()
	var name string
	for _, volume := range sitePods(t, l)[0].Spec.Volumes {
		if volume.Name == "tls" {
			name = volume.Secret.SecretName
		}
	}
	var secret struct {
		Metadata struct {
			ManagedFields []struct{ Time time.Time }
		}
	}
	l.get(t, &secret, "secret", name, "-n", "hankki", "--show-managed-fields")
	var last time.Time
	for _, manager := range secret.Metadata.ManagedFields {
		if manager.Time.After(last) {
			last = manager.Time
		}
	}
	return last
}

// servedBy returns the certificate (PEM) that each pod of the page and of the API presents to its node, by the pod's name.
func servedBy(t *testing.T, l lab) map[string]string {
	t.Helper()
	served := map[string]string{}
	for _, pod := range sitePods(t, l) {
		served[pod.Metadata.Name] = leaf(l.run(t, "lab/lab", "exec", pod.Spec.NodeName, "curl", "-sS", "--insecure", "--max-time", "10",
			"-o", "/dev/null", "-w", "%{certs}", "https://"+pod.Status.PodIP+":8443/healthz/live"))
	}
	return served
}

// leaf returns the first certificate of a PEM text.
func leaf(text string) string {
	const begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
	if at := strings.Index(text, begin); at >= 0 {
		text = text[at:]
	}
	body, _, _ := strings.Cut(text, end)
	return body + end
}

// sitePods returns the pods of the page and of the API, without terminating pods and those of completed Jobs.
func sitePods(t *testing.T, l lab) []pod {
	t.Helper()
	var pods podList
	l.get(t, &pods, "pods", "-n", "hankki", "-l", "app.kubernetes.io/name in (frontend,backend)")
	serving := slices.DeleteFunc(pods.Items, func(p pod) bool {
		return p.Metadata.DeletionTimestamp != "" || p.Status.Phase == "Succeeded"
	})
	if len(serving) == 0 {
		t.Fatal("the site has no pods")
	}
	return serving
}
