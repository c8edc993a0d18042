package guardrails

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"hankki/internal/manifest"
)

// Labels of this project's pods.
const (
	appLabel    = "app.kubernetes.io/name"
	partOfLabel = "app.kubernetes.io/part-of"
)

// connectionsOf lists all connections that a policy allows.
func connectionsOf(p networkingv1.NetworkPolicy) (all []connection) {
	app := tierOf(&p.Spec.PodSelector)
	for _, rule := range p.Spec.Ingress {
		all = append(all, connections(app, true, rule.From, rule.Ports)...)
	}
	for _, rule := range p.Spec.Egress {
		all = append(all, connections(app, false, rule.To, rule.Ports)...)
	}
	return all
}

func connections(app string, into bool, peers []networkingv1.NetworkPolicyPeer, ports []networkingv1.NetworkPolicyPort) (all []connection) {
	ends := []string{anywhere}
	if len(peers) > 0 {
		ends = nil
		for _, peer := range peers {
			ends = append(ends, peerOf(peer))
		}
	}
	ways := []string{"all ports"}
	if len(ports) > 0 {
		ways = nil
		for _, port := range ports {
			ways = append(ways, portOf(port))
		}
	}
	for _, end := range ends {
		for _, way := range ways {
			all = append(all, connection{app, into, end, way})
		}
	}
	return all
}

// peerOf returns a tier, an address, a namespace or the cluster DNS. For other peers it returns the selectors, which
// match no documented connection.
func peerOf(p networkingv1.NetworkPolicyPeer) string {
	switch {
	case p.IPBlock != nil:
		prefix, err := netip.ParsePrefix(p.IPBlock.CIDR)
		if err == nil && prefix.IsSingleIP() {
			return prefix.Addr().String()
		}
		return p.IPBlock.CIDR
	case p.NamespaceSelector == nil:
		return tierOf(p.PodSelector)
	case p.PodSelector == nil && oneNamespace(p.NamespaceSelector) != "":
		return namespace
	case p.PodSelector != nil && oneNamespace(p.NamespaceSelector) == "kube-system" && selects(p.PodSelector, "k8s-app", "kube-dns"):
		return dns
	default:
		return "pods of " + described(p.PodSelector) + " in namespaces of " + described(p.NamespaceSelector)
	}
}

// tierOf returns the app if the selector has exactly the labels of one of this project's tiers.
func tierOf(s *metav1.LabelSelector) string {
	app := s.MatchLabels[appLabel]
	if app != "" && len(s.MatchExpressions) == 0 && maps.Equal(s.MatchLabels, map[string]string{appLabel: app, partOfLabel: "hankki"}) {
		return app
	}
	return "pods of " + described(s)
}

// oneNamespace returns the name of the selected namespace if exactly one is selected by name.
func oneNamespace(s *metav1.LabelSelector) string {
	if len(s.MatchLabels) == 1 && len(s.MatchExpressions) == 0 {
		return s.MatchLabels[corev1.LabelMetadataName]
	}
	return ""
}

func selects(s *metav1.LabelSelector, key, value string) bool {
	return len(s.MatchExpressions) == 0 && maps.Equal(s.MatchLabels, map[string]string{key: value})
}

func described(s *metav1.LabelSelector) string {
	if text := metav1.FormatLabelSelector(s); text != "" && text != "<none>" {
		return text
	}
	return "any label"
}

func portOf(p networkingv1.NetworkPolicyPort) string {
	protocol := corev1.ProtocolTCP
	if p.Protocol != nil {
		protocol = *p.Protocol
	}
	text := fmt.Sprintf("%s all ports", protocol)
	if p.Port != nil {
		text = fmt.Sprintf("%s %s", protocol, p.Port.String())
	}
	if p.EndPort != nil {
		text += fmt.Sprintf("-%d", *p.EndPort)
	}
	return text
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// notIsolated finds this project's workloads that no policy isolates for both ingress and egress.
func notIsolated(resources []manifest.Resource, policies []networkingv1.NetworkPolicy) (found []Violation, err error) {
	for _, r := range resources {
		w, ok, err := manifest.WorkloadOf(r)
		if err != nil {
			return nil, err
		}
		if !ok || w.Template.Labels[partOfLabel] != "hankki" || w.Template.Spec.HostNetwork {
			continue
		}
		var open []string
		for _, way := range []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress} {
			if !slices.ContainsFunc(policies, func(p networkingv1.NetworkPolicy) bool {
				selector, err := metav1.LabelSelectorAsSelector(&p.Spec.PodSelector)
				return err == nil && p.Namespace == w.Place && slices.Contains(p.Spec.PolicyTypes, way) && selector.Matches(labels.Set(w.Template.Labels))
			}) {
				open = append(open, strings.ToLower(string(way)))
			}
		}
		if len(open) > 0 {
			found = append(found, violation(r, "no network policy isolates its pods (%s): all connections are allowed", strings.Join(open, " and ")))
		}
	}
	return found, nil
}
