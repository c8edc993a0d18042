package components

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// metricsPort is the name of the container port that the PodMonitor selects.
const metricsPort = "metrics"

// Metrics makes Prometheus scrape a tier. If it is nil, no policy admits Prometheus and no exporter runs.
type Metrics struct {
	Scraper  string // namespace whose pods may reach the metrics port, and only that port
	Exporter string // exporter image by full reference; empty: the tier serves metrics itself
}

// scrapeRule returns the ingress rules for the scraper.
func (m *Metrics) scrapeRule(port int) networkingv1.NetworkPolicyIngressRuleArray {
	if m == nil {
		return nil
	}
	return networkingv1.NetworkPolicyIngressRuleArray{fromNamespace(port, m.Scraper)}
}

// sidecar returns the exporter container, which reaches the tier by loopback.
func (m *Metrics) sidecar(port int, env corev1.EnvVarArray) []corev1.ContainerArgs {
	if m == nil || m.Exporter == "" {
		return nil
	}
	return []corev1.ContainerArgs{{
		Name:          pulumi.String("exporter"),
		Image:         pulumi.String(m.Exporter),
		Env:           env,
		Ports:         corev1.ContainerPortArray{containerPort(metricsPort, port)},
		LivenessProbe: tcpProbe(metricsPort),
		Resources:     exporterResources(),
	}}
}

// exporterResources are those of each exporter. Measured memory: 15 MiB.
func exporterResources() corev1.ResourceRequirementsArgs { return resources("10m", "24Mi", "64Mi") }
