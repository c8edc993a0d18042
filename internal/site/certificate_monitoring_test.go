package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Whatever the source is, the alert is about the certificate that pods serve. cert-manager's certificates may be valid for a few
// days, so its renewal must be due, or a pod must not serve the renewed certificate.
func TestServedCertificateIsMonitored(t *testing.T) {
	const served = `min(probe_ssl_earliest_cert_expiry{namespace="kitchen"})`
	const ends = served + " - time() < 1209600"
	renewed := ends + " unless " + served + " >= max("
	for i, namespace := range []string{"namespace", "exported_namespace"} {
		renewed += []string{"", " or "}[i] + strings.ReplaceAll(`certmanager_certificate_expiration_timestamp_seconds{SITE,name="ISSUED"}`+
			` and certmanager_certificate_renewal_timestamp_seconds{SITE,name="ISSUED"} > time()`, "SITE", namespace+`="kitchen"`)
	}
	file, _ := certified(t, host, "10.0.0.3")
	for name, row := range map[string]struct {
		s    settings
		want string
	}{
		"a file":             {file, ends},
		"private":            {shipped(t, "onprem").https("tls.generate", true), ends},
		"externally managed": {shipped(t, "onprem").https("tls.secretName", "site"), ends},
		"an issuer":          {shipped(t, "onprem").https("tls.issuer", map[string]any{"kind": "Issuer", "name": "corp"}), renewed + ")"},
	} {
		for _, mode := range []string{"direct", "proxy"} {
			t.Run(name+", "+mode, func(t *testing.T) {
				e := row.s.set("namespace", "kitchen").set("frontend.apiMode", mode).set("monitoring", map[string]any{"enabled": true}).deployed(t)
				issued := certificateSecret("issued", map[string][]string{"direct": {"10.0.0.4", "10.0.0.3"}, "proxy": {"10.0.0.4"}}[mode]...)
				if got, want := alertExpression(t, e, "HankkiCertificateEnds"), strings.ReplaceAll(row.want, "ISSUED", issued); got != want {
					t.Errorf("the expression is\n%s, want\n%s", got, want)
				}
				const unknown = `probe_success{namespace="kitchen"} == 0 or absent(probe_success{namespace="kitchen"})`
				if got := alertExpression(t, e, "HankkiCertificateUnknown"); got != unknown {
					t.Errorf("the expression is\n%s, want\n%s", got, unknown)
				}
				if !waitsFor(e, e.one(t, ruleType, "monitoring").urn)[e.one(t, deploymentType, "blackbox-exporter").urn] {
					t.Error("the alerts do not depend on the exporter's pod")
				}
			})
		}
	}
	plain := shipped(t, "onprem").allOn().deployed(t)
	if monitors := plain.all(monitorType); len(monitors) != 2 {
		t.Errorf("with plain http there are %d monitors, want those of the tiers and of MetalLB", len(monitors))
	}
	unmonitored := shipped(t, "onprem").https("tls.generate", true).deployed(t)
	for _, e := range []*engine{plain, unmonitored} {
		if slices.ContainsFunc(e.all(deploymentType), func(r registration) bool { return r.name == "blackbox-exporter" }) {
			t.Error("without TLS or without monitoring the blackbox exporter runs")
		}
	}
	for _, name := range []string{"HankkiCertificateEnds", "HankkiCertificateUnknown"} {
		if got := alertExpression(t, plain, name); got != "" {
			t.Errorf("with plain http %s has the expression %s", name, got)
		}
	}
}

// The exporter connects to the HTTPS port of each pod that serves HTTPS, and to nothing else. Only Prometheus may use it.
func TestBlackboxExporterReachesHTTPSPortsOnly(t *testing.T) {
	e := shipped(t, "onprem").allOn().https("tls.generate", true).set("baseImages.blackboxExporter", "example.com/prober:1").deployed(t)
	match(t, e.one(t, deploymentType, "blackbox-exporter"), map[string]any{
		"spec.replicas": 1, "spec.template.spec.containers.0.image": "example.com/prober:1", "spec.template.spec.containers.1": nil,
	})
	monitor := e.one(t, monitorType, "monitoring-certificate")
	match(t, monitor, map[string]any{
		"metadata.name": "hankki-certificate", "metadata.namespace": "hankki", "metadata.labels.release": "kube-prometheus-stack",
		"spec.jobLabel": nil, // HankkiTierDown would count these scrapes as those of the tier
		"spec.podMetricsEndpoints": []any{map[string]any{
			"port": "https", "path": "/probe", "interval": "60s", "params": map[string]any{"module": []any{"certificate"}},
			"relabelings": []any{
				map[string]any{"sourceLabels": []any{"__address__"}, "targetLabel": "__param_target"},
				map[string]any{"sourceLabels": []any{"__param_target"}, "targetLabel": "instance"},
				map[string]any{"targetLabel": "__address__", "replacement": clusterIP("blackbox-exporter") + ":9115"},
			},
		}},
	})
	selector, _ := at(monitor.inputs, "spec.selector.matchLabels").(map[string]any)
	want := []string{scraper + " => blackbox-exporter:9115/TCP"}
	for _, pod := range pods(e) {
		for _, container := range list(pod, "spec.template.spec.containers") {
			ports, _ := at(container, "ports").([]any)
			for _, port := range ports {
				if at(port, "name") == "https" && selects(selector, podLabels(pod)) {
					want = append(want, fmt.Sprintf("blackbox-exporter -> %s:%v/TCP", pod.name, at(port, "containerPort")))
				}
			}
		}
	}
	got := rulesOf(t, e.one(t, policyType, "blackbox-exporter"))
	slices.Sort(got)
	slices.Sort(want)
	if len(want) != 3 || !slices.Equal(got, want) {
		t.Errorf("the rules are %q, want %q", got, want)
	}
}

// alertExpression returns the expression of an alert; empty: there is no such alert.
func alertExpression(t *testing.T, e *engine, name string) string {
	t.Helper()
	for _, rule := range list(e.one(t, ruleType, "monitoring"), "spec.groups.0.rules") {
		if at(rule, "alert") == name {
			return fmt.Sprint(at(rule, "expr"))
		}
	}
	return ""
}
