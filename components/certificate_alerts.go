package components

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/certificate"
)

// CertificateMonitoring monitors the certificate that the pods serve, whatever its source is.
type CertificateMonitoring struct {
	Exporter pulumi.StringInput // host:port of the BlackboxExporter
	Issued   string             // name of cert-manager's Certificate; empty: another source
}

// watchCertificate creates the PodMonitor by which the blackbox exporter connects to each pod's HTTPS port. Pods without that
// port are not measured.
func (a MonitoringArgs) watchCertificate(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	meta := a.metadata(name)
	meta.Name = pulumi.String(partOf + "-certificate")
	relabel := func(source, target string) pulumi.Map {
		return pulumi.Map{"sourceLabels": pulumi.StringArray{pulumi.String(source)}, "targetLabel": pulumi.String(target)}
	}
	return a.custom(ctx, name, "PodMonitor", meta, pulumi.Map{
		"selector": pulumi.Map{"matchLabels": pulumi.StringMap{labelPartOf: pulumi.String(partOf)}},
		"podMetricsEndpoints": pulumi.Array{pulumi.Map{
			"port": pulumi.String("https"), "path": pulumi.String("/probe"), "interval": pulumi.String("60s"),
			"params": pulumi.Map{"module": pulumi.StringArray{pulumi.String(blackboxModule)}},
			"relabelings": pulumi.Array{
				relabel("__address__", "__param_target"),
				relabel("__param_target", "instance"),
				pulumi.Map{"targetLabel": pulumi.String("__address__"), "replacement": a.Certificate.Exporter},
			},
		}},
	}, opts...)
}

// served is the earliest expiry of the certificates that the pods serve, in Unix seconds. A pod that does not serve a renewed
// certificate counts.
const served = `min(probe_ssl_earliest_cert_expiry{$site})`

// alerts fire SoonDays before a served certificate expires, the same limit as the warning of an `up`, and if that is not
// known. `for` is longer than the time in which pods serve a renewed certificate and Prometheus measures it, three minutes.
func (c *CertificateMonitoring) alerts() []alert {
	if c == nil {
		return nil
	}
	ends := fmt.Sprintf("%s - time() < %d", served, certificate.SoonDays*24*60*60)
	if c.Issued != "" {
		ends += " unless " + renewed(c.Issued)
	}
	return []alert{
		{"HankkiCertificateEnds", ends, "10m", "warning", "The certificate that the pods serve expires in {{ $value | humanizeDuration }}"},
		{"HankkiCertificateUnknown", `probe_success{$site} == 0 or absent(probe_success{$site})`,
			"10m", "warning", "Prometheus can't read the certificate that {{ with $labels.pod }}the pod {{ . }} serves{{ else }}the pods serve{{ end }}"},
	}
}

// renewed is true if cert-manager's renewal of that certificate is not due and all pods serve what it issued. It excludes
// certificates valid for a few days, which always expire soon. Without cert-manager's metrics it is false. Without honorLabels,
// the default of cert-manager's chart, Prometheus renames the label namespace to exported_namespace.
func renewed(name string) string {
	issued := func(namespace string) string {
		return fmt.Sprintf("%s{%[3]s,name=%[4]q} and %[2]s{%[3]s,name=%[4]q} > time()",
			"certmanager_certificate_expiration_timestamp_seconds", "certmanager_certificate_renewal_timestamp_seconds", namespace, name)
	}
	return fmt.Sprintf("%s >= max(%s or %s)", served, issued("$site"), issued("exported_$site"))
}
