package components

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/metallb"
)

// loadBalancer is the LAN address of a Service and its traffic policy.
type loadBalancer struct {
	address       string
	trafficPolicy string // Kubernetes' externalTrafficPolicy
}

// service creates the Service of a tier: a ClusterIP if lan is nil, otherwise a LoadBalancer.
func (w workload) service(ctx *pulumi.Context, name string, ports corev1.ServicePortArray, lan *loadBalancer, opts ...pulumi.ResourceOption) (*corev1.Service, error) {
	meta := w.metadata(name)
	annotations := pulumi.StringMap{skipAwait: pulumi.String("true")}
	spec := corev1.ServiceSpecArgs{
		Type:     pulumi.String("ClusterIP"),
		Selector: selector(w.app),
		Ports:    ports,
	}
	if lan != nil {
		// The field loadBalancerIP is deprecated since Kubernetes 1.24.
		annotations[metallb.AddressAnnotation] = pulumi.String(lan.address)
		spec.Type, spec.ExternalTrafficPolicy = pulumi.String("LoadBalancer"), pulumi.String(lan.trafficPolicy)
	}
	meta.Annotations = annotations
	s, err := corev1.NewService(ctx, name, &corev1.ServiceArgs{Metadata: meta, Spec: spec}, opts...)
	if err != nil {
		return nil, fmt.Errorf("service %q: %w", name, err)
	}
	return s, nil
}

// servicePort is a port of a Service; target is the name of the container port.
func servicePort(name string, port int, target string) corev1.ServicePortArgs {
	return corev1.ServicePortArgs{Name: pulumi.String(name), Protocol: pulumi.String("TCP"), Port: pulumi.Int(port), TargetPort: pulumi.String(target)}
}

// port returns the port list of a Service with one port.
func (w workload) port(port int, target string) corev1.ServicePortArray {
	return corev1.ServicePortArray{servicePort(w.app, port, target)}
}

// clusterHost returns the host by which pods reach a Service: its cluster IP as in the report, so the cluster DNS is not
// needed. Rendered manifests have no cluster IP and use the Service's name.
func clusterHost(s *corev1.Service) pulumi.StringOutput {
	return pulumi.All(s.Spec.ClusterIP(), s.Metadata.Name(), s.Metadata.Namespace()).ApplyT(func(v []any) string {
		if ip, _ := v[0].(*string); ip != nil && *ip != "" {
			return *ip
		}
		return deref(v[1]) + "." + deref(v[2]) + ".svc"
	}).(pulumi.StringOutput)
}

func deref(v any) string {
	if s, ok := v.(*string); ok && s != nil {
		return *s
	}
	return ""
}

// lanURL returns the LAN URL of a Service. The Service gets this address or no address, so dependents need not wait for
// it.
func lanURL(address string, port int) pulumi.StringOutput {
	return pulumi.String("http://" + strings.TrimSuffix(net.JoinHostPort(address, strconv.Itoa(port)), ":80")).ToStringOutput()
}
