package components

import (
	_ "embed"
	"fmt"
	"time"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// MonitoringType is the resource type of Monitoring.
const MonitoringType = "hankki:components:Monitoring"

// prometheusAPI is the API version of the Prometheus operator's PodMonitor and PrometheusRule.
const prometheusAPI = "monitoring.coreos.com/v1"

// dashboard is the Grafana dashboard. The namespace is a variable of it, so one dashboard serves all stacks.
//
//go:embed dashboard.json
var dashboard string

// DashboardPath returns the path of the dashboard for a namespace, relative to Grafana's URL.
func DashboardPath(namespace string) string { return "/d/" + partOf + "?var-namespace=" + namespace }

// MonitoringArgs are the inputs of a Monitoring.
type MonitoringArgs struct {
	Namespace pulumi.StringInput // of the tiers
	// ReleaseLabel is the value of the label "release" by which the operator selects monitors and rules; empty: no label.
	ReleaseLabel string
	MetalLB      string // namespace of the MetalLB that the stack installs; empty: MetalLB is not monitored
	// RunbookURL is the page with one heading per alert; empty: the alerts have no runbook_url.
	RunbookURL string
	// Certificate is how the site's certificate is monitored; nil: plain HTTP.
	Certificate  *CertificateMonitoring
	BackupMaxAge time.Duration     // above which the newest backup is too old; 0: no backups
	Pods         []pulumi.Resource // the rules depend on these Deployments, otherwise the alerts for absent tiers would fire
}

// Monitoring configures an operator-managed Prometheus to scrape the tiers and evaluate alerts, and adds a Grafana
// dashboard.
type Monitoring struct {
	pulumi.ResourceState
}

// NewMonitoring creates the PodMonitors, the PrometheusRule and the ConfigMap of the dashboard.
func NewMonitoring(ctx *pulumi.Context, name string, args MonitoringArgs, opts ...pulumi.ResourceOption) (_ *Monitoring, err error) {
	defer named(&err, "monitoring", name)
	m := &Monitoring{}
	if err := ctx.RegisterComponentResource(MonitoringType, name, m, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(m)

	if err := args.custom(ctx, name, "PodMonitor", args.metadata(name), pulumi.Map{
		// Pods without a port of that name are not scraped.
		"selector": pulumi.Map{"matchLabels": pulumi.StringMap{labelPartOf: pulumi.String(partOf)}},
		"podMetricsEndpoints": pulumi.Array{pulumi.Map{
			"port": pulumi.String(metricsPort), "interval": pulumi.String("15s"), // four scrapes in the shortest alert window
		}},
		"jobLabel": pulumi.String(labelName),
	}, child); err != nil {
		return nil, err
	}
	if args.MetalLB != "" {
		if err := args.watchMetalLB(ctx, name+"-metallb", child); err != nil {
			return nil, err
		}
	}
	if args.Certificate != nil {
		if err := args.watchCertificate(ctx, name+"-certificate", child); err != nil {
			return nil, err
		}
	}
	if err := args.custom(ctx, name, "PrometheusRule", args.metadata(name), pulumi.Map{
		"groups": pulumi.Array{pulumi.Map{"name": pulumi.String(partOf), "rules": args.alertRules()}},
	}, child, pulumi.DependsOn(args.Pods)); err != nil {
		return nil, err
	}
	meta := args.metadata(name)
	meta.Labels.(pulumi.StringMap)["grafana_dashboard"] = pulumi.String("1") // label that Grafana's sidecar selects
	if _, err := corev1.NewConfigMap(ctx, name, &corev1.ConfigMapArgs{
		Metadata: meta, Data: pulumi.StringMap{partOf + ".json": pulumi.String(dashboard)},
	}, child); err != nil {
		return nil, fmt.Errorf("dashboard: %w", err)
	}
	if err := ctx.RegisterResourceOutputs(m, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return m, nil
}

// watchMetalLB creates the PodMonitor of MetalLB's controller and speakers in the tiers' namespace, so that removing it
// affects only the stack's own objects.
func (a MonitoringArgs) watchMetalLB(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	meta := a.metadata(name)
	meta.Name = pulumi.String(partOf + "-metallb")
	return a.custom(ctx, name, "PodMonitor", meta, pulumi.Map{
		"namespaceSelector":   pulumi.Map{"matchNames": pulumi.StringArray{pulumi.String(a.MetalLB)}},
		"selector":            pulumi.Map{"matchLabels": pulumi.StringMap{labelName: pulumi.String("metallb")}},
		"podMetricsEndpoints": pulumi.Array{pulumi.Map{"port": pulumi.String("monitoring"), "interval": pulumi.String("30s")}},
		"jobLabel":            pulumi.String(labelName),
	}, opts...)
}

// custom creates a custom resource of the Prometheus operator.
func (a MonitoringArgs) custom(ctx *pulumi.Context, name, kind string, meta metav1.ObjectMetaArgs, spec pulumi.Map, opts ...pulumi.ResourceOption) error {
	_, err := apiextensions.NewCustomResource(ctx, name, &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String(prometheusAPI), Kind: pulumi.String(kind), Metadata: meta,
		OtherFields: kubernetes.UntypedArgs{"spec": spec},
	}, opts...)
	if err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	return nil
}

func (a MonitoringArgs) metadata(name string) metav1.ObjectMetaArgs {
	l := labels(name)
	if a.ReleaseLabel != "" {
		l["release"] = pulumi.String(a.ReleaseLabel)
	}
	return metav1.ObjectMetaArgs{Name: pulumi.String(partOf), Namespace: a.Namespace, Labels: l}
}
