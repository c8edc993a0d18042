package components

import (
	_ "embed"
	"fmt"
	"net"
	"strconv"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// BlackboxExporterType is the resource type of BlackboxExporter.
const BlackboxExporterType = "hankki:components:BlackboxExporter"

const (
	blackboxPort   = 9115 // the exporter's default
	blackboxFolder = "/etc/blackbox_exporter"
	blackboxFile   = "config.yml"

	// blackboxModule is the module of blackbox_exporter.yml that measures a certificate.
	blackboxModule = "certificate"
)

// blackboxConfig is the configuration of the exporter.
//
//go:embed blackbox_exporter.yml
var blackboxConfig string

// BlackboxExporterArgs are the inputs of a BlackboxExporter.
type BlackboxExporterArgs struct {
	Scope   Scope
	Image   string   // full reference
	Scraper string   // namespace whose pods may use the exporter
	Apps    []string // name labels of the pods that serve HTTPS; the exporter can connect to no other pod
}

// BlackboxExporter is Prometheus' blackbox_exporter: it reads the certificate that a pod serves. Prometheus names the pod in
// each scrape, so one exporter is enough for all pods.
type BlackboxExporter struct {
	pulumi.ResourceState
	Address pulumi.StringOutput // host:port in the cluster
	Pods    pulumi.Resource     // its Deployment, for pulumi.DependsOn
}

// NewBlackboxExporter deploys the exporter.
func NewBlackboxExporter(ctx *pulumi.Context, name string, args BlackboxExporterArgs, opts ...pulumi.ResourceOption) (_ *BlackboxExporter, err error) {
	defer named(&err, "blackbox exporter", name)
	b := &BlackboxExporter{}
	if err := ctx.RegisterComponentResource(BlackboxExporterType, name, b, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(b)

	// Pulumi generates a new name when the content changes, so the pod is replaced.
	configuration, err := corev1.NewConfigMap(ctx, name, &corev1.ConfigMapArgs{
		Metadata:  metav1.ObjectMetaArgs{Namespace: args.Scope.Namespace, Labels: labels(name)},
		Data:      pulumi.StringMap{blackboxFile: pulumi.String(blackboxConfig)},
		Immutable: pulumi.Bool(true),
	}, child)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	var out networkingv1.NetworkPolicyEgressRuleArray
	for _, app := range args.Apps {
		out = append(out, toPods(nginxTLSPort, app))
	}
	if err := args.Scope.allow(ctx, name, policyRules{
		in: networkingv1.NetworkPolicyIngressRuleArray{fromNamespace(blackboxPort, args.Scraper)}, out: out,
	}, child); err != nil {
		return nil, err
	}
	w := workload{
		app: name, scope: args.Scope, user: appUser, container: args.container(),
		volumes: corev1.VolumeArray{corev1.VolumeArgs{
			Name: pulumi.String("config"), ConfigMap: corev1.ConfigMapVolumeSourceArgs{Name: configuration.Metadata.Name()},
		}},
		mounts: corev1.VolumeMountArray{corev1.VolumeMountArgs{
			Name: pulumi.String("config"), MountPath: pulumi.String(blackboxFolder), ReadOnly: pulumi.Bool(true),
		}},
	}
	deployment, rolledOut, err := w.deployment(ctx, name, 1, child)
	if err != nil {
		return nil, err
	}
	service, err := w.service(ctx, name, w.port(blackboxPort, "http"), nil, child)
	if err != nil {
		return nil, err
	}

	b.Pods = deployment
	b.Address = clusterHost(service).ApplyT(func(host string) string { return net.JoinHostPort(host, strconv.Itoa(blackboxPort)) }).(pulumi.StringOutput)
	if err := ctx.RegisterResourceOutputs(b, pulumi.Map{"rolledOut": rolledOut, "address": b.Address}); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return b, nil
}

func (a BlackboxExporterArgs) container() corev1.ContainerArgs {
	return corev1.ContainerArgs{
		Name:           pulumi.String("exporter"),
		Image:          pulumi.String(a.Image),
		Args:           pulumi.ToStringArray([]string{"--config.file=" + blackboxFolder + "/" + blackboxFile}),
		Ports:          corev1.ContainerPortArray{containerPort("http", blackboxPort)},
		StartupProbe:   httpProbe("/-/healthy", 1, 30),
		ReadinessProbe: httpProbe("/-/healthy", 5, 2),
		LivenessProbe:  tcpProbe("http"),
		Resources:      exporterResources(),
	}
}
