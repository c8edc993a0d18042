package site

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/config"
)

// blackboxExporterName is the name of the exporter's objects.
const blackboxExporterName = "blackbox-exporter"

// newMonitoring creates the monitors and alerts, if monitoring is enabled. With TLS it also deploys the exporter that reads the
// served certificate. The rules are created after the pods.
func newMonitoring(ctx *pulumi.Context, cfg *config.Config, scope components.Scope, tls siteTLS, pods []pulumi.Resource, opts ...pulumi.ResourceOption) error {
	m := cfg.Monitoring
	if !m.Enabled {
		return nil
	}
	args := components.MonitoringArgs{
		Namespace: scope.Namespace, ReleaseLabel: m.ReleaseLabel, RunbookURL: m.RunbookURL,
		MetalLB: installedMetalLB(cfg.MetalLB), BackupMaxAge: backupMaxAge(cfg), Pods: pods,
	}
	if cfg.TLS.Enabled() {
		exporter, err := components.NewBlackboxExporter(ctx, blackboxExporterName, components.BlackboxExporterArgs{
			Scope: scope, Image: cfg.BaseImages.BlackboxExporter, Scraper: m.Namespace, Apps: []string{frontendName, backendName},
		}, opts...)
		if err != nil {
			return err
		}
		args.Certificate = &components.CertificateMonitoring{Exporter: exporter.Address, Issued: tls.issued}
		args.Pods = append(args.Pods, exporter.Pods)
	}
	_, err := components.NewMonitoring(ctx, "monitoring", args, opts...)
	return err
}
