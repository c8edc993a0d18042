package components

import (
	"slices"
	"strconv"

	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newNetworkPolicies creates the network policy rules of the API. Ingress: the LAN to the API, Nginx to the proxied port,
// Prometheus to the metrics. Egress: Redis, the database and the cluster DNS. The migration Job has no port and does not
// need Redis.
func (a BackendArgs) newNetworkPolicies(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	routes, err := a.newRoutePolicies(ctx, name, opts...)
	if err != nil {
		return err
	}
	opts = append(slices.Clone(opts), pulumi.DependsOn(routes)) // an earlier version had these rules in the policies below
	in := a.Metrics.scrapeRule(backendMetricsPort)
	if a.TLSProxy == nil {
		in = append(in, fromAnywhere(backendPort))
	}
	if err := a.Scope.allow(ctx, name, policyRules{
		in:  in,
		out: networkingv1.NetworkPolicyEgressRuleArray{toDNS(), toPods(a.Redis.Port, a.Redis.App)},
	}, opts...); err != nil {
		return err
	}
	return a.Scope.allow(ctx, MigrationApp(name), policyRules{
		out: networkingv1.NetworkPolicyEgressRuleArray{toDNS()},
	}, opts...)
}

// newRoutePolicies creates the network policy rules that depend on the configuration.
func (a BackendArgs) newRoutePolicies(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) (routes []pulumi.Resource, err error) {
	destination, database := a.Database.route()
	for _, app := range []string{name, MigrationApp(name)} {
		policy, err := a.Scope.allowRoute(ctx, "to-"+destination, app, policyRules{out: database}, opts...)
		if err != nil {
			return nil, err
		}
		routes = append(routes, policy)
	}
	if a.TLSProxy != nil {
		policy, err := a.Scope.allowHTTPS(ctx, name, opts...)
		if err != nil {
			return nil, err
		}
		routes = append(routes, policy)
	}
	if a.Proxy == "" {
		return routes, nil
	}
	policy, err := a.Scope.allowRoute(ctx, "from-"+a.Proxy, name, policyRules{
		in: networkingv1.NetworkPolicyIngressRuleArray{fromPods(backendProxiedPort, a.Proxy)},
	}, opts...)
	if err != nil {
		return nil, err
	}
	return append(routes, policy), nil
}

// route returns the egress rules to the server and their part of the policy's name: the pods' label or the address, and
// the port.
func (d Database) route() (name string, rules networkingv1.NetworkPolicyEgressRuleArray) {
	if d.App != "" {
		return d.App + "-" + strconv.Itoa(d.Port), networkingv1.NetworkPolicyEgressRuleArray{toPods(d.Port, d.App)}
	}
	return routeTo(d.Address, d.Port)
}
