package components

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// MetricsServerType is the resource type of MetricsServer.
const MetricsServerType = "hankki:components:MetricsServer"

// metricsServerNamespace is the Kubernetes namespace for services of the whole cluster.
const metricsServerNamespace = "kube-system"

// MetricsServerArgs are the inputs of a MetricsServer.
type MetricsServerArgs struct {
	Chart Chart
	Tag   string // image tag; empty: the chart's default
	// KubeletInsecureTLS accepts self-signed kubelet certificates, which are kubeadm's default.
	KubeletInsecureTLS bool
}

// MetricsServer measures CPU and memory of pods for autoscalers and `kubectl top`. A cluster needs only one.
type MetricsServer struct {
	pulumi.ResourceState
}

// NewMetricsServer installs metrics-server from its chart.
func NewMetricsServer(ctx *pulumi.Context, name string, args MetricsServerArgs, opts ...pulumi.ResourceOption) (_ *MetricsServer, err error) {
	defer named(&err, "metrics server", name)
	m := &MetricsServer{}
	if err := ctx.RegisterComponentResource(MetricsServerType, name, m, opts...); err != nil {
		return nil, err
	}
	values := pulumi.Map{
		"podSecurityContext": pulumi.Map{"seccompProfile": pulumi.StringMap{"type": pulumi.String("RuntimeDefault")}},
		"resources":          resources("100m", "200Mi", "400Mi"), // upstream's requests for up to 100 nodes, plus limits
	}
	if args.KubeletInsecureTLS {
		values["args"] = pulumi.ToStringArray([]string{"--kubelet-insecure-tls"})
	}
	if args.Tag != "" {
		values["image"] = pulumi.StringMap{"tag": pulumi.String(args.Tag)}
	}
	use := chartUse{chart: "metrics-server", namespace: pulumi.String(metricsServerNamespace), values: values}
	if _, err := args.Chart.install(ctx, name, use, pulumi.Parent(m)); err != nil {
		return nil, err
	}
	if err := ctx.RegisterResourceOutputs(m, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return m, nil
}
