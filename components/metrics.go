package components

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// metricsPort is the name of the port with a pod's metrics, by which they are found.
const metricsPort = "metrics"

// Metrics has Prometheus read a tier's metrics. Without it, nil, no policy lets Prometheus in, and no exporter runs.
type Metrics struct {
	Scraper  string // namespace whose pods may reach the port with the metrics, and no other
	Exporter string // image that serves the metrics of a tier that has none itself, by full reference; empty: the tier serves them
}

// arrow lets the scraper in.
func (m *Metrics) arrow(port int) networkingv1.NetworkPolicyIngressRuleArray {
	if m == nil {
		return nil
	}
	return networkingv1.NetworkPolicyIngressRuleArray{fromNamespace(port, m.Scraper)}
}

// sidecar is the exporter beside the tier's own container, which it reaches by loopback. It is measured at 15 MiB.
func (m *Metrics) sidecar(port int, env corev1.EnvVarArray) []corev1.ContainerArgs {
	if m == nil || m.Exporter == "" {
		return nil
	}
	return []corev1.ContainerArgs{{
		Name:          pulumi.String("exporter"),
		Image:         pulumi.String(m.Exporter),
		Env:           env,
		Ports:         corev1.ContainerPortArray{containerPort(metricsPort, port)},
		LivenessProbe: tcpProbe(metricsPort, 10, 3),
		Resources:     resources("10m", "24Mi", "64Mi"),
	}}
}
