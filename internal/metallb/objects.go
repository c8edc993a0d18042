package metallb

import (
	"cmp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// API is the group and version of MetalLB's objects, as an API path.
const API = "/apis/metallb.io/v1beta1"

// Annotations of a Service that request addresses from MetalLB, comma-separated. MetalLB before 0.14.9 supports only
// the second.
const (
	AddressAnnotation       = "metallb.io/loadBalancerIPs"
	FormerAddressAnnotation = "metallb.universe.tf/loadBalancerIPs"
)

// PoolOf returns the pool of a Service's addresses, from the annotation that MetalLB sets; empty if it is absent.
// MetalLB before 0.14 uses the other prefix.
func PoolOf(annotations map[string]string) string {
	return cmp.Or(annotations["metallb.io/ip-allocated-from-pool"], annotations["metallb.universe.tf/ip-allocated-from-pool"])
}

// Flag returns the value of an argument of MetalLB's containers, e.g. --lb-class=lan.
func Flag(pod corev1.PodSpec, name string) (value string, given bool) {
	for _, container := range pod.Containers {
		for _, argument := range container.Args {
			if key, value, _ := strings.Cut(argument, "="); strings.TrimLeft(key, "-") == name {
				return value, true
			}
		}
	}
	return "", false
}

// Pool is an IPAddressPool.
type Pool struct {
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Addresses []string    `json:"addresses"`
		For       *Allocation `json:"serviceAllocation"`
	} `json:"spec"`
}

// Allocation limits a pool to Services of some namespaces or with some labels.
type Allocation struct {
	Namespaces         []string               `json:"namespaces"`
	NamespaceSelectors []metav1.LabelSelector `json:"namespaceSelectors"`
	ServiceSelectors   []metav1.LabelSelector `json:"serviceSelectors"`
}

// Advertisement is an L2Advertisement, or the common part of a BGPAdvertisement.
type Advertisement struct {
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Pools         []string               `json:"ipAddressPools"`
		PoolSelectors []metav1.LabelSelector `json:"ipAddressPoolSelectors"`
		NodeSelectors []metav1.LabelSelector `json:"nodeSelectors"`
		Interfaces    []string               `json:"interfaces"`
	} `json:"spec"`
}

// ServiceL2Status names the node that announces a Service by ARP or NDP. A speaker creates one for each Service that
// it announces, and deletes it when it stops announcing.
type ServiceL2Status struct {
	metav1.ObjectMeta `json:"metadata"`
	Status            struct {
		Node             string `json:"node"`
		ServiceName      string `json:"serviceName"`
		ServiceNamespace string `json:"serviceNamespace"`
	} `json:"status"`
}

// ConfigurationState reports whether a controller or speaker accepts the configuration. MetalLB has it since 0.15.3.
type ConfigurationState struct {
	metav1.ObjectMeta `json:"metadata"`
	Status            struct {
		Result  string `json:"result"`
		Summary string `json:"errorSummary"`
	} `json:"status"`
}

// IsSpeaker reports whether the labels are those of MetalLB's speakers, in its chart or its manifests.
func IsSpeaker(labels map[string]string) bool { return component(labels) == "speaker" }

// IsController reports the same for its controller.
func IsController(labels map[string]string) bool { return component(labels) == "controller" }

func component(labels map[string]string) string {
	switch {
	case labels["app.kubernetes.io/name"] == "metallb":
		return labels["app.kubernetes.io/component"]
	case labels["app"] == "metallb":
		return labels["component"]
	}
	return ""
}

// RequestedAddresses lists the addresses that a Service requests, in canonical form; empty unless its type is LoadBalancer.
func RequestedAddresses(s corev1.Service) []string {
	if s.Spec.Type != corev1.ServiceTypeLoadBalancer {
		return nil
	}
	requested := addresses(s.Annotations[AddressAnnotation])
	if len(requested) == 0 {
		requested = addresses(s.Annotations[FormerAddressAnnotation])
	}
	if len(requested) == 0 {
		requested = addresses(s.Spec.LoadBalancerIP)
	}
	return requested
}

// Holds lists the addresses of a Service, in canonical form: those of its status, and its externalIPs, whose traffic
// kube-proxy accepts on every node.
func Holds(s corev1.Service) (held []string) {
	for _, ingress := range s.Status.LoadBalancer.Ingress {
		if ingress.IP != "" {
			held = append(held, Canonical(ingress.IP))
		}
	}
	for _, ip := range s.Spec.ExternalIPs {
		held = append(held, Canonical(ip))
	}
	return held
}
