package components

import (
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Rule is one rule of a Role or ClusterRole.
type Rule struct {
	Group     string // API group; empty: core
	Resources []string
	Verbs     []string
	Names     []string // of the objects; nil: all
}

// Verbs of the rules. Server-side apply needs create and patch. The Kubernetes plugin lists and watches a kind while it waits
// for a deletion.
var (
	manage = []string{"get", "list", "watch", "create", "patch", "delete"}
	watch  = []string{"list", "watch"}
)

// NamespaceRules are the deployer's rights in the namespace of its site: to manage each kind that a site registers, and to
// read what the program, the Kubernetes plugin and the command hankki read.
var NamespaceRules = []Rule{
	{"", []string{"configmaps", "persistentvolumeclaims", "secrets", "services"}, manage, nil},
	{"apps", []string{"deployments"}, manage, nil},
	{"autoscaling", []string{"horizontalpodautoscalers"}, manage, nil},
	{"batch", []string{"cronjobs", "jobs"}, manage, nil},
	{"cert-manager.io", []string{"certificates"}, manage, nil},
	{"monitoring.coreos.com", []string{"podmonitors", "prometheusrules"}, manage, nil},
	{"networking.k8s.io", []string{"networkpolicies"}, manage, nil},
	{"policy", []string{"poddisruptionbudgets"}, manage, nil},

	{"", []string{"namespaces"}, []string{"get"}, nil}, // a Role allows only the namespace that it is in
	{"", []string{"pods", "events"}, watch, nil},
	{"", []string{"pods/log"}, []string{"get"}, nil},
	{"", []string{"pods/exec"}, []string{"get", "create"}, nil}, // `hankki backups` and `hankki restore`: over a WebSocket, or over SPDY
	{"apps", []string{"replicasets"}, watch, nil},
	{"cert-manager.io", []string{"issuers"}, []string{"get"}, nil},
	{"discovery.k8s.io", []string{"endpointslices"}, []string{"list"}, nil},
}

// ClusterRules are the deployers' rights outside of their namespaces: to identify the cluster, and to find MetalLB's pools and
// the nodes that announce an address.
var ClusterRules = []Rule{
	{"", []string{"namespaces"}, []string{"get"}, []string{"kube-system"}},
	{"metallb.io", []string{"bgpadvertisements", "configurationstates", "ipaddresspools", "l2advertisements", "servicel2statuses"}, []string{"list"}, nil},
}

func policyRulesOf(rules []Rule) rbacv1.PolicyRuleArray {
	var all rbacv1.PolicyRuleArray
	for _, r := range rules {
		rule := rbacv1.PolicyRuleArgs{ApiGroups: pulumi.ToStringArray([]string{r.Group}), Resources: pulumi.ToStringArray(r.Resources), Verbs: pulumi.ToStringArray(r.Verbs)}
		if r.Names != nil {
			rule.ResourceNames = pulumi.ToStringArray(r.Names)
		}
		all = append(all, rule)
	}
	return all
}
