package components

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// policyRules are the network policy rules of a tier's pods; all other traffic is denied.
type policyRules struct {
	in  networkingv1.NetworkPolicyIngressRuleArray
	out networkingv1.NetworkPolicyEgressRuleArray
}

// denyAll denies ingress and egress for every pod in the namespace, or for the stack's pods only if the namespace is
// shared.
func denyAll(ctx *pulumi.Context, name string, namespace pulumi.StringInput, shared bool, opts ...pulumi.ResourceOption) error {
	pods := pulumi.StringMap{}
	if shared {
		pods[labelPartOf] = pulumi.String(partOf)
	}
	_, err := newPolicy(ctx, name+"-deny-all", name+"-deny-all", namespace, pods, policyRules{}, opts...)
	return err
}

// allow creates the network policy of an app, which has the app's name.
func (s Scope) allow(ctx *pulumi.Context, app string, a policyRules, opts ...pulumi.ResourceOption) error {
	_, err := newPolicy(ctx, app, app, s.Namespace, selector(app), a, opts...)
	return err
}

// allowRoute creates an additional network policy for an app. Its name contains the route, so another route is another
// policy: Pulumi creates it before it replaces pods, and deletes the old one after the last old pod has ended.
func (s Scope) allowRoute(ctx *pulumi.Context, route, app string, a policyRules, opts ...pulumi.ResourceOption) (*networkingv1.NetworkPolicy, error) {
	return newPolicy(ctx, app+"-"+route, app, s.Namespace, selector(app), a, opts...)
}

// allowHTTPS allows ingress from the LAN to Nginx's HTTPS port.
func (s Scope) allowHTTPS(ctx *pulumi.Context, app string, opts ...pulumi.ResourceOption) (*networkingv1.NetworkPolicy, error) {
	return s.allowRoute(ctx, "https", app, policyRules{in: networkingv1.NetworkPolicyIngressRuleArray{fromAnywhere(nginxTLSPort)}}, opts...)
}

func newPolicy(ctx *pulumi.Context, name, app string, namespace pulumi.StringInput, pods pulumi.StringMap, a policyRules, opts ...pulumi.ResourceOption) (*networkingv1.NetworkPolicy, error) {
	policy, err := networkingv1.NewNetworkPolicy(ctx, name, &networkingv1.NetworkPolicyArgs{
		Metadata: metav1.ObjectMetaArgs{Name: pulumi.String(name), Namespace: namespace, Labels: labels(app)},
		Spec: networkingv1.NetworkPolicySpecArgs{
			PodSelector: metav1.LabelSelectorArgs{MatchLabels: pods},
			PolicyTypes: pulumi.StringArray{pulumi.String("Ingress"), pulumi.String("Egress")},
			Ingress:     a.in,
			Egress:      a.out,
		},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("network policy %q: %w", name, err)
	}
	return policy, nil
}

func tcp(port int) networkingv1.NetworkPolicyPortArray {
	return networkingv1.NetworkPolicyPortArray{networkingv1.NetworkPolicyPortArgs{
		Protocol: pulumi.String("TCP"), Port: pulumi.Int(port),
	}}
}

func podsOf(apps ...string) networkingv1.NetworkPolicyPeerArray {
	var peers networkingv1.NetworkPolicyPeerArray
	for _, app := range apps {
		peers = append(peers, networkingv1.NetworkPolicyPeerArgs{PodSelector: metav1.LabelSelectorArgs{MatchLabels: selector(app)}})
	}
	return peers
}

// fromAnywhere allows ingress from any source: LoadBalancer traffic may arrive with a node's address.
func fromAnywhere(port int) networkingv1.NetworkPolicyIngressRuleArgs {
	return networkingv1.NetworkPolicyIngressRuleArgs{Ports: tcp(port)}
}

func fromPods(port int, apps ...string) networkingv1.NetworkPolicyIngressRuleArgs {
	return networkingv1.NetworkPolicyIngressRuleArgs{From: podsOf(apps...), Ports: tcp(port)}
}

func fromNamespace(port int, namespace string) networkingv1.NetworkPolicyIngressRuleArgs {
	return networkingv1.NetworkPolicyIngressRuleArgs{
		From: networkingv1.NetworkPolicyPeerArray{networkingv1.NetworkPolicyPeerArgs{
			NamespaceSelector: metav1.LabelSelectorArgs{MatchLabels: namespaceNamed(namespace)},
		}},
		Ports: tcp(port),
	}
}

// namespaceNamed selects a namespace by the label that Kubernetes sets on every namespace.
func namespaceNamed(name string) pulumi.StringMap {
	return pulumi.StringMap{"kubernetes.io/metadata.name": pulumi.String(name)}
}

func toPods(port int, app string) networkingv1.NetworkPolicyEgressRuleArgs {
	return networkingv1.NetworkPolicyEgressRuleArgs{To: podsOf(app), Ports: tcp(port)}
}

// toHost allows egress to one address. A host name may resolve to any address, so for a name only the port is restricted.
func toHost(host string, port int) networkingv1.NetworkPolicyEgressRuleArgs {
	rule := networkingv1.NetworkPolicyEgressRuleArgs{Ports: tcp(port)}
	if address, err := netip.ParseAddr(host); err == nil {
		rule.To = networkingv1.NetworkPolicyPeerArray{networkingv1.NetworkPolicyPeerArgs{
			IpBlock: networkingv1.IPBlockArgs{Cidr: pulumi.String(netip.PrefixFrom(address, address.BitLen()).String())},
		}}
	}
	return rule
}

// routeTo returns the egress rules to a server outside the stack and their part of the policy's name: its address, or "any" for a host
// name, and the port.
func routeTo(host string, port int) (name string, rules networkingv1.NetworkPolicyEgressRuleArray) {
	address, err := netip.ParseAddr(host)
	if err != nil {
		return "any-" + strconv.Itoa(port), networkingv1.NetworkPolicyEgressRuleArray{toHost(host, port), toAnyDNS()}
	}
	return strings.ReplaceAll(address.String(), ":", "-") + "-" + strconv.Itoa(port), networkingv1.NetworkPolicyEgressRuleArray{toHost(host, port)}
}

// toDNS allows egress to the cluster DNS.
func toDNS() networkingv1.NetworkPolicyEgressRuleArgs {
	return networkingv1.NetworkPolicyEgressRuleArgs{
		To: networkingv1.NetworkPolicyPeerArray{networkingv1.NetworkPolicyPeerArgs{
			NamespaceSelector: metav1.LabelSelectorArgs{MatchLabels: namespaceNamed("kube-system")},
			PodSelector:       metav1.LabelSelectorArgs{MatchLabels: pulumi.StringMap{"k8s-app": pulumi.String("kube-dns")}},
		}},
		Ports: dnsPorts(),
	}
}

// toAnyDNS allows DNS at any address, for pods that connect to a host name. A DNS cache on the node (NodeLocal DNSCache)
// answers at a link-local address or at the cluster IP of kube-dns, and no pod selector matches either. toHost also allows
// such a pod any address on the host's port.
func toAnyDNS() networkingv1.NetworkPolicyEgressRuleArgs {
	return networkingv1.NetworkPolicyEgressRuleArgs{Ports: dnsPorts()}
}

func dnsPorts() networkingv1.NetworkPolicyPortArray {
	ports := networkingv1.NetworkPolicyPortArray{}
	for _, protocol := range []string{"UDP", "TCP"} {
		ports = append(ports, networkingv1.NetworkPolicyPortArgs{Protocol: pulumi.String(protocol), Port: pulumi.Int(53)})
	}
	return ports
}
