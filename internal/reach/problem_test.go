package reach

import (
	"errors"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"hankki/internal/metallb"
)

var (
	onprem  = Stack{Namespace: "metallb-system", Pool: "address-pool", Advertisement: "recipe-lb", Addresses: []string{"10.0.0.3-10.0.0.9"}}
	backend = service{namespace: "hankki", name: "backend", address: "10.0.0.3", stack: onprem}
)

// reachable returns the facts of a cluster with the control-plane node cp and the workers w1 and w2. w1 announces the API.
func reachable() *facts {
	f := &facts{unknown: map[string]error{}, namespace: &corev1.Namespace{}, service: lanService("hankki", "backend")}
	f.pools = []metallb.Pool{poolOf("address-pool", "10.0.0.3-10.0.0.9")}
	f.l2 = []metallb.Advertisement{advertisement("recipe-lb", "address-pool")}
	for _, name := range []string{"cp", "w1", "w2"} {
		node := corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"kubernetes.io/hostname": name}}}
		node.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue}}
		f.nodes = append(f.nodes, node)
		f.pods = append(f.pods, metallbPod("speaker", name))
	}
	f.nodes[0].Labels[excludeLabel] = ""
	f.pods = append(f.pods, metallbPod("controller", "w2"))
	f.endpoints = []discoveryv1.EndpointSlice{{Endpoints: []discoveryv1.Endpoint{endpoint("w1", true), endpoint("w2", true)}}}
	f.announce("w1")
	return f
}

func (f *facts) announce(nodes ...string) {
	f.statuses = nil
	for _, node := range nodes {
		s := metallb.ServiceL2Status{}
		s.Status.Node, s.Status.ServiceNamespace, s.Status.ServiceName = node, "hankki", "backend"
		f.statuses = append(f.statuses, s)
	}
}

// lanService returns a Service with the address 10.0.0.3.
func lanService(namespace, name string) *corev1.Service {
	const address = "10.0.0.3"
	s := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, Annotations: map[string]string{metallb.AddressAnnotation: address}}}
	s.Spec.Type = corev1.ServiceTypeLoadBalancer
	s.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{IP: address}}
	return s
}

func poolOf(name string, ranges ...string) metallb.Pool {
	p := metallb.Pool{ObjectMeta: metav1.ObjectMeta{Namespace: "metallb-system", Name: name}}
	p.Spec.Addresses = ranges
	return p
}

func advertisement(name string, pools ...string) metallb.Advertisement {
	a := metallb.Advertisement{ObjectMeta: metav1.ObjectMeta{Namespace: "metallb-system", Name: name}}
	a.Spec.Pools = pools
	return a
}

func metallbPod(component, node string, args ...string) corev1.Pod {
	p := corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "metallb-system", Name: component + "-" + node,
		Labels: map[string]string{"app.kubernetes.io/name": "metallb", "app.kubernetes.io/component": component}}}
	p.Spec.NodeName, p.Spec.Containers = node, []corev1.Container{{Args: args}}
	p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}
	return p
}

func endpoint(node string, ready bool) discoveryv1.Endpoint {
	return discoveryv1.Endpoint{NodeName: &node, Conditions: discoveryv1.EndpointConditions{Ready: &ready}}
}

func warning(reason, message string) corev1.Event {
	return corev1.Event{Reason: reason, Message: message}
}

var (
	errForbidden = apierrors.NewForbidden(schema.GroupResource{Resource: "some"}, "", errors.New("not for you"))
	errNotFound  = apierrors.NewNotFound(schema.GroupResource{Resource: "some"}, "")
)

// Each row changes one fact of a cluster in which the API is reachable. Without messages the API stays reachable.
func TestUnreached(t *testing.T) {
	const lasts, mayPass, noCause = "lasting", "passing", "unexplained"
	for name, row := range map[string]struct {
		change   func(f *facts)
		kind     string
		messages []string // of the only problem
	}{
		"reachable": {change: func(*facts) {}},

		// The address.
		"no Service":                {func(f *facts) { f.service = nil }, lasts, []string{"deleted outside Pulumi", "pulumi up --refresh"}},
		"another type":              {func(f *facts) { f.service.Spec.Type = "ClusterIP"; f.pending() }, lasts, []string{"its type is ClusterIP", "pulumi up --refresh"}},
		"another requested address": {func(f *facts) { f.service.Annotations[metallb.AddressAnnotation] = "10.0.0.7"; f.pending() }, lasts, []string{`"10.0.0.7"`, "not 10.0.0.3", "pulumi up --refresh"}},
		"no requested address":      {func(f *facts) { f.service.Annotations = nil; f.pending() }, lasts, []string{`""`, "not 10.0.0.3"}},
		"more addresses": {func(f *facts) {
			f.service.Status.LoadBalancer.Ingress = append(f.service.Status.LoadBalancer.Ingress, corev1.LoadBalancerIngress{IP: "10.0.1.1"})
		}, noCause, []string{"10.0.0.3, 10.0.1.1", "instead of 10.0.0.3"}},
		"another class": {func(f *facts) {
			f.pods[3].Spec.Containers[0].Args = []string{"--port=7472", "--lb-class=lan"}
			f.pending()
		}, lasts,
			[]string{`loadBalancerClass "lan"`, "--lb-class"}},
		"a class that MetalLB does not serve": {func(f *facts) {
			class := "tailscale"
			f.service.Spec.LoadBalancerClass = &class
			f.pending()
		}, lasts, []string{`its loadBalancerClass is "tailscale"`, "MetalLB serves only Services without one"}},
		"a class, and MetalLB's pods cannot be read": {func(f *facts) {
			class := "lan"
			f.service.Spec.LoadBalancerClass = &class
			f.pods, f.unknown["pods"] = nil, errForbidden
			f.pending()
		}, noCause, []string{"has not assigned 10.0.0.3"}},
		"a pool that MetalLB does not read": {func(f *facts) {
			for i := range f.pods {
				f.pods[i].Namespace = "lb"
			}
			f.pending()
		}, lasts, []string{"IPAddressPool metallb-system/address-pool is not read by MetalLB, which runs in lb", `metallb.namespace "lb"`}},
		"held by another": {func(f *facts) {
			f.services = []corev1.Service{*lanService("shop", "web"), *f.service}
			f.pending()
		}, lasts,
			[]string{"Service shop/web has 10.0.0.3"}},
		"reduced pool": {func(f *facts) { f.pools[0].Spec.Addresses = []string{"10.0.0.4-10.0.0.9"}; f.pending() }, lasts,
			[]string{"IPAddressPool metallb-system/address-pool has the addresses 10.0.0.4-10.0.0.9", "the stack configures 10.0.0.3-10.0.0.9", "pulumi up --refresh"}},
		"deleted pool":              {func(f *facts) { f.pools = nil; f.pending() }, lasts, []string{"IPAddressPool metallb-system/address-pool is missing", "pulumi up --refresh"}},
		"pool for other namespaces": {func(f *facts) { f.pools[0].Spec.For = &metallb.Allocation{Namespaces: []string{"shop"}}; f.pending() }, lasts, []string{"serviceAllocation excludes"}},
		"rejected pool": {func(f *facts) { f.pools = append(f.pools, poolOf("others", "10.0.0.9-10.0.0.12")); f.pending() }, lasts,
			[]string{"MetalLB rejects its configuration", "address-pool 10.0.0.3-10.0.0.9 overlaps with", "others 10.0.0.9-10.0.0.12"}},
		"rejected according to its condition": {func(f *facts) {
			f.states = make([]metallb.ConfigurationState, 2)
			f.states[0].Status.Result, f.states[1].Status.Result, f.states[1].Status.Summary = "Valid", "Invalid", "peer x has no address"
			f.pending()
		}, lasts, []string{"MetalLB rejects its configuration", "peer x has no address"}},
		"controller not ready": {func(f *facts) { f.pods[3].Status.Conditions = nil; f.pending() }, mayPass, []string{"controller", "metallb-system/controller-w2"}},
		"no controller":        {func(f *facts) { f.pods = f.pods[:3]; f.pending() }, lasts, []string{"no controller pod"}},
		"forgotten": {func(f *facts) {
			f.events = []corev1.Event{warning("AllocationFailed", "address also in use by hankki/frontend")}
			f.pending()
		}, noCause,
			[]string{"has not assigned 10.0.0.3", "AllocationFailed: address also in use by hankki/frontend"}},

		// The announcement.
		"no pod is ready":          {func(f *facts) { f.endpoints[0].Endpoints = []discoveryv1.Endpoint{endpoint("w1", false)}; f.announce() }, mayPass, []string{"no pod is ready"}},
		"announced by a dead node": {func(f *facts) { f.nodes[1].Status.Conditions[0].Status = corev1.ConditionUnknown }, noCause, []string{"no node announces 10.0.0.3"}},
		"two announce, one dead": {change: func(f *facts) {
			f.nodes[1].Status.Conditions[0].Status = corev1.ConditionUnknown
			f.announce("w1", "w2")
		}},
		"excluded nodes": {func(f *facts) { f.silence(1, 2); f.announce() }, lasts,
			[]string{"no node can announce 10.0.0.3", "cp, w1, w2: has the label node.kubernetes.io/exclude-from-external-load-balancers",
				"kubectl label node cp w1 w2 node.kubernetes.io/exclude-from-external-load-balancers-"}},
		"nodes excluded after the announcement": {func(f *facts) { f.silence(1, 2) }, lasts, []string{"no node can announce", "cp, w1, w2: has the label"}},
		"excluded nodes, --ignore-exclude-lb is false": {func(f *facts) {
			f.silence(1, 2)
			f.pods[1].Spec.Containers[0].Args = []string{"--ignore-exclude-lb=false"}
			f.announce()
		}, lasts, []string{"cp, w1, w2: has the label"}},
		"a name of another balancer": {func(f *facts) {
			f.service.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{Hostname: "lb.example.com"}}
		}, noCause, []string{"its address is lb.example.com instead of 10.0.0.3"}},
		"excluded nodes, --ignore-exclude-lb": {change: func(f *facts) { f.silence(1, 2); f.pods[1].Spec.Containers[0].Args = []string{"--ignore-exclude-lb"} }},
		"a different reason for each node": {func(f *facts) {
			f.silence(1)
			f.pods[2].Status.Conditions = nil
			f.announce()
		}, mayPass, []string{"cp, w1: has the label", "w2: its speaker pod metallb-system/speaker-w2 is not ready"}},
		"no speaker pods": {func(f *facts) { f.pods = f.pods[3:]; f.announce() }, lasts, []string{"w1, w2: has no speaker pod of MetalLB"}},
		"no network": {func(f *facts) {
			for i := range f.nodes[1:] {
				f.nodes[i+1].Status.Conditions = append(f.nodes[i+1].Status.Conditions, corev1.NodeCondition{Type: corev1.NodeNetworkUnavailable, Status: corev1.ConditionTrue})
			}
			f.announce()
		}, mayPass, []string{"w1, w2: has no network"}},
		"deleted advertisement": {func(f *facts) { f.l2 = nil; f.announce() }, lasts, []string{"L2Advertisement metallb-system/recipe-lb is missing", "pulumi up --refresh"}},
		"advertisement for another pool": {func(f *facts) { f.l2[0].Spec.Pools = []string{"others"}; f.announce() }, lasts,
			[]string{"L2Advertisement metallb-system/recipe-lb selects others, not address-pool", "pulumi up --refresh"}},
		"advertisement for no node": {func(f *facts) {
			f.l2[0].Spec.NodeSelectors = []metav1.LabelSelector{{MatchLabels: map[string]string{"kubernetes.io/hostname": "w9"}}}
			f.announce()
		}, lasts, []string{"w1, w2: not selected by L2Advertisement metallb-system/recipe-lb"}},
		"advertisement for no interface": {func(f *facts) {
			f.l2[0].Spec.Interfaces = []string{"eth9"}
			f.events = []corev1.Event{warning("announceFailed", "the interfaces specified don't exist")}
			f.announce()
		}, lasts, []string{"names the interfaces eth9", "the interfaces specified don't exist"}},
		"rejected after the speakers restarted": {func(f *facts) {
			f.pools[0].Spec.Addresses = append(f.pools[0].Spec.Addresses, "10.0.0.5-10.0.0.6")
			f.announce()
		}, lasts,
			[]string{"MetalLB rejects its configuration", "10.0.0.3-10.0.0.9 overlaps with", "10.0.0.5-10.0.0.6"}},
		"rejected, but announced":              {change: func(f *facts) { f.pools = append(f.pools, poolOf("others", "10.0.0.9/32")) }},
		"Local, no pod on the announcing node": {func(f *facts) { f.local("w2") }, mayPass, []string{"externalTrafficPolicy is Local", "w1, which announces 10.0.0.3", "ready pods are on w2"}},
		"Local, a pod on the announcing node":  {change: func(f *facts) { f.local("w1", "w2") }},
		"Local, pods on excluded nodes only": {func(f *facts) { f.local("w1"); f.silence(1); f.announce() }, mayPass,
			[]string{"w2: without a ready pod", "cp, w1: has the label"}},
		"no reason": {func(f *facts) { f.announce() }, noCause, []string{"no node announces 10.0.0.3, and MetalLB reports no reason", "logs of its speakers"}},

		// Facts that cannot be read are not a problem.
		"no CRD for statuses":    {change: func(f *facts) { f.announce(); f.unknown["servicel2statuses"] = errNotFound }},
		"statuses are forbidden": {change: func(f *facts) { f.announce(); f.unknown["servicel2statuses"] = errForbidden }},
		"nodes are forbidden":    {change: func(f *facts) { f.nodes = nil; f.unknown["nodes"] = errForbidden }},
		"pods are forbidden":     {change: func(f *facts) { f.pods = nil; f.unknown["pods"] = errForbidden }},
		"announced by BGP":       {change: func(f *facts) { f.announce(); f.l2, f.bgp = nil, []metallb.Advertisement{advertisement("bgp")} }},
	} {
		t.Run(name, func(t *testing.T) {
			f := reachable()
			row.change(f)
			problems := backend.unreached(f)
			if len(row.messages) == 0 {
				if len(problems) > 0 {
					t.Errorf("problems of a reachable Service: %v", problems)
				}
				return
			}
			if len(problems) != 1 {
				t.Fatalf("want one problem, got %v", problems)
			}
			for _, words := range row.messages {
				if !strings.Contains(problems[0].text, words) {
					t.Errorf("%q is not in\n%s", words, problems[0].text)
				}
			}
			if got := map[bool]string{true: lasts}[problems[0].patience == lasting] + map[bool]string{true: mayPass}[problems[0].patience == passing] +
				map[bool]string{true: noCause}[problems[0].patience == unexplained]; got != row.kind {
				t.Errorf("the kind of the problem is %s, want %s", got, row.kind)
			}
		})
	}
}

func (f *facts) pending() { f.service.Status.LoadBalancer.Ingress = nil }

func (f *facts) silence(nodes ...int) {
	for _, i := range nodes {
		f.nodes[i].Labels[excludeLabel] = ""
	}
}

func (f *facts) local(readyOn ...string) {
	f.service.Spec.ExternalTrafficPolicy = corev1.ServiceExternalTrafficPolicyLocal
	f.endpoints[0].Endpoints = nil
	for _, node := range readyOn {
		f.endpoints[0].Endpoints = append(f.endpoints[0].Endpoints, endpoint(node, true))
	}
}

// With metallb.manage "none" no message refers to a pool of this stack.
func TestUnreachedWithPoolsOfOthers(t *testing.T) {
	foreign := backend
	foreign.stack = Stack{}
	f := reachable()
	f.pools[0].Spec.Addresses = []string{"10.0.7.0/24"}
	f.pending()
	if p := foreign.unreached(f); len(p) != 1 || p[0].text != "no IPAddressPool contains 10.0.0.3: the cluster has IPAddressPool metallb-system/address-pool (10.0.7.0/24)" {
		t.Errorf("without a pool: %v", p)
	}
	f = reachable()
	f.l2 = nil
	f.announce()
	if p := foreign.unreached(f); len(p) != 1 || !strings.Contains(p[0].text, "no L2Advertisement selects IPAddressPool metallb-system/address-pool") {
		t.Errorf("without an advertisement: %v", p)
	}
}

func TestUncheckedConditionsAreWarnings(t *testing.T) {
	for name, row := range map[string]struct {
		change   func(f *facts)
		messages string
	}{
		"reachable":               {func(*facts) {}, ""},
		"no CRD for statuses":     {func(f *facts) { f.unknown["servicel2statuses"] = errNotFound }, "whether MetalLB announces 10.0.0.3 was not checked"},
		"endpoints are forbidden": {func(f *facts) { f.unknown["endpointslices"] = errForbidden }, "whether a pod responds at 10.0.0.3 was not checked"},
		"announced by BGP":        {func(f *facts) { f.l2, f.bgp = nil, []metallb.Advertisement{advertisement("bgp")} }, "announced by BGP"},
		"rejected, but announced": {func(f *facts) { f.pools = append(f.pools, poolOf("others", "10.0.0.9/32")) }, "until its pods restart: IPAddressPool metallb-system/address-pool"},
	} {
		t.Run(name, func(t *testing.T) {
			f := reachable()
			row.change(f)
			lines := backend.unchecked(f)
			if row.messages == "" && len(lines) > 0 || row.messages != "" && !slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, row.messages) }) {
				t.Errorf("the warnings are %q", lines)
			}
		})
	}
}
