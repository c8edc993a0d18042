package preflight_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"hankki/internal/config"
	"hankki/internal/kubeconfig"
	"hankki/internal/preflight"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

// Paths of the lists that the LAN checks read, with their label selectors.
const (
	servicesPath         = "/api/v1/services"
	nodesPath            = "/api/v1/nodes"
	poolsPath            = "/apis/metallb.io/v1beta1/ipaddresspools"
	daemonSetsPath       = "/apis/apps/v1/daemonsets?app=metallb"
	serviceLBPath        = "/apis/apps/v1/daemonsets?svccontroller.k3s.cattle.io/svcname"
	deploymentsPath      = "/apis/apps/v1/deployments?app=metallb"
	chartDeploymentsPath = "/apis/apps/v1/deployments?app.kubernetes.io/name=metallb"
	kubeProxyPath        = "/api/v1/namespaces/kube-system/configmaps/kube-proxy"
	namespacePath        = "/api/v1/namespaces/hankki"
)

// owned owns annotated objects and those of inState, which are also in the stack's state.
type owned struct{ inState []string }

func (o owned) Owns(kind string, m metav1.ObjectMeta) bool {
	return m.Annotations["hankki/owner-id"] == "us" || o.Has(kind, m)
}

func (o owned) Has(kind string, m metav1.ObjectMeta) bool {
	for _, name := range o.inState {
		if name == fmt.Sprintf("%s %s/%s", kind, m.Namespace, m.Name) {
			return true
		}
	}
	return false
}

func items(objects ...string) string { return `{"items":[` + strings.Join(objects, ",") + `]}` }

func service(name, more string) string {
	namespace, name, _ := strings.Cut(name, "/")
	return fmt.Sprintf(`{"metadata":{"namespace":%q,"name":%q%s}`, namespace, name, more)
}

func holding(name, address string) string {
	return service(name, fmt.Sprintf(`},"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"ip":%q}]}}`, address))
}

func requesting(name, annotation, address string) string {
	return service(name, fmt.Sprintf(`,"annotations":{%q:%q}},"spec":{"type":"LoadBalancer"}`, annotation, address))
}

func pool(name, more string, ranges ...string) string {
	namespace, name, _ := strings.Cut(name, "/")
	return fmt.Sprintf(`{"metadata":{"namespace":%q,"name":%q},"spec":{"addresses":["%s"]%s}}`, namespace, name, strings.Join(ranges, `","`), more)
}

func node(name, address string) string {
	return fmt.Sprintf(`{"metadata":{"name":%q},"status":{"addresses":[{"type":"InternalIP","address":%q},{"type":"Hostname","address":%q}]}}`, name, address, name)
}

func controller(namespace, image string) string {
	return fmt.Sprintf(`{"metadata":{"namespace":%q,"name":"controller","labels":{"app":"metallb","component":"controller"}},`+
		`"spec":{"template":{"spec":{"containers":[{"image":%q}]}}}}`, namespace, image)
}

func classed(class string) string {
	return strings.Replace(controller("metallb-system", "metallb/controller:v0.15.2"), `"image"`, fmt.Sprintf(`"args":["--port=7472","--lb-class=%s"],"image"`, class), 1)
}

// allocated is a Service that has an address out of a pool, as MetalLB notes it.
func allocated(name, prefix, pool, address string) string {
	return service(name, fmt.Sprintf(`,"annotations":{"%s/ip-allocated-from-pool":%q}},"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"ip":%q}]}}`, prefix, pool, address))
}

func speaker(name, more string) string {
	namespace, name, _ := strings.Cut(name, "/")
	return fmt.Sprintf(`{"metadata":{"namespace":%q,"name":%q,"labels":{"app":"metallb","component":"speaker"}%s}}`, namespace, name, more)
}

// TestLAN observer at clusters with something in the way of the Services' addresses 10.0.0.3 and 10.0.0.4 out of the range
// 10.0.0.3-10.0.0.9. Each problem is one line.
func TestLAN(t *testing.T) {
	const limited = `,"serviceAllocation":{"namespaces":["shop"]}`
	foreign := controller("metallb-system", "quay.io/metallb/controller:v0.14.9")
	for name, row := range map[string]struct {
		manage   config.Manage // empty: install
		objects  map[string]string
		inState  []string
		from     string     // the namespace of a site that hands its addresses over
		messages [][]string // words of each error
		warns    [][]string // a warning each
	}{
		"an empty cluster": {objects: map[string]string{servicesPath: items(), nodesPath: items(node("w1", "10.0.1.1"))}},
		"the stack's own Services": {objects: map[string]string{servicesPath: items(
			holding("hankki/backend", "10.0.0.4"), holding("hankki/frontend", "10.0.0.3"), // as in the middle of a swap
			service("kitchen/backend", `,"annotations":{"hankki/owner-id":"us"}},"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.3"}]}}`))}},
		"another Service has an address": {
			objects:  map[string]string{servicesPath: items(holding("shop/web", "10.0.0.3"), holding("hankki/other", "10.0.0.4"))},
			messages: [][]string{{"backend.loadBalancerIP 10.0.0.3", "Service shop/web has"}, {"frontend.loadBalancerIP 10.0.0.4", "Service hankki/other has"}}},
		"a site hands its addresses over": {from: "shop",
			objects:  map[string]string{servicesPath: items(holding("shop/web", "10.0.0.3"), holding("other/web", "10.0.0.4"))},
			messages: [][]string{{"frontend.loadBalancerIP 10.0.0.4", "Service other/web has"}}},
		"another Service has an address as externalIP": {
			objects:  map[string]string{servicesPath: items(service("shop/web", `},"spec":{"type":"ClusterIP","externalIPs":["10.0.0.3"]}`))},
			messages: [][]string{{"backend.loadBalancerIP 10.0.0.3", "Service shop/web has"}}},
		"another Service requests an address": {
			objects: map[string]string{servicesPath: items(requesting("shop/a", "metallb.io/loadBalancerIPs", "10.0.0.4"),
				requesting("shop/b", "metallb.universe.tf/loadBalancerIPs", "10.0.0.77, 10.0.0.4"), service("shop/c", `},"spec":{"type":"LoadBalancer","loadBalancerIP":"10.0.0.4"}`))},
			messages: [][]string{{"10.0.0.4", "Service shop/a requests"}, {"10.0.0.4", "Service shop/b requests"}, {"10.0.0.4", "Service shop/c requests"}}},
		"a Service of another type requests an address": {
			objects: map[string]string{servicesPath: items(service("shop/a", `,"annotations":{"metallb.io/loadBalancerIPs":"10.0.0.4"}},"spec":{"type":"ClusterIP"}`))}},
		"another pool overlaps": {
			objects:  map[string]string{poolsPath: items(pool("metallb-system/others", "", "10.0.0.9-10.0.0.12", "10.0.7.0/24"), pool("metallb-system/address-pool", "", "10.0.0.3-10.0.0.9"))},
			messages: [][]string{{"metallb.addresses 10.0.0.3-10.0.0.9", "IPAddressPool metallb-system/others 10.0.0.9-10.0.0.12", "MetalLB would reject"}}},
		"the stack's pool under its former name": {
			objects: map[string]string{poolsPath: items(pool("metallb-system/former", "", "10.0.0.3-10.0.0.9"))}, inState: []string{"IPAddressPool metallb-system/former"}},
		"a pool where no MetalLB reads it": {objects: map[string]string{poolsPath: items(pool("elsewhere/others", "", "10.0.0.3-10.0.0.9"))}},
		"the address of a node": {
			objects:  map[string]string{nodesPath: items(node("w1", "10.0.0.5"), node("w2", "10.0.1.1"))},
			messages: [][]string{{"metallb.addresses 10.0.0.3-10.0.0.9", "10.0.0.5", "node w1"}}},
		"a second MetalLB": {
			objects:  map[string]string{daemonSetsPath: items(speaker("lb/speaker", ""), speaker("metallb-system/metallb-speaker", ""), speaker("former/metallb-speaker", `,"annotations":{"hankki/owner-id":"us"}`))},
			messages: [][]string{{`metallb.manage is "install"`, "DaemonSet lb/speaker", `"pools" or "none"`, "metallb.namespace lb"}}},
		"kube-proxy without strictARP": {
			objects:  map[string]string{kubeProxyPath: `{"data":{"config.conf":"mode: ipvs\nipvs:\n  strictARP: false\n"}}`},
			messages: [][]string{{"ipvs", "strictARP: true", "kube-system/kube-proxy"}}},
		"kube-proxy with strictARP":     {objects: map[string]string{kubeProxyPath: `{"data":{"config.conf":"mode: ipvs\nipvs: {strictARP: true}\n"}}`}},
		"kube-proxy with iptables":      {objects: map[string]string{kubeProxyPath: `{"data":{"config.conf":"mode: \"\"\nipvs: {strictARP: false}\n"}}`}},
		"kube-proxy that can't be read": {objects: map[string]string{kubeProxyPath: `{"data":{"config.conf":"{"}}`}},
		"k3s' servicelb": {
			objects:  map[string]string{serviceLBPath: items(`{"metadata":{"namespace":"kube-system","name":"svclb-traefik-1a2b"}}`)},
			messages: [][]string{{"servicelb", "kube-system/svclb-traefik-1a2b", "--disable=servicelb"}}},

		"pools without MetalLB": {manage: "pools", messages: [][]string{{`metallb.manage is "pools"`, "IPAddressPool", "install MetalLB"}}},
		"pools beside MetalLB":  {manage: "pools", objects: map[string]string{poolsPath: items(), deploymentsPath: items(foreign)}},
		"MetalLB before 0.14.9": {manage: "pools",
			objects:  map[string]string{poolsPath: items(), deploymentsPath: items(controller("metallb-system", "quay.io/metallb/controller:v0.14.8@sha256:00"))},
			messages: [][]string{{"MetalLB 0.14.8", "metallb-system", "metallb.io/loadBalancerIPs", "0.14.9"}}},
		"MetalLB of an unknown version": {manage: "pools",
			objects: map[string]string{poolsPath: items(), deploymentsPath: items(controller("metallb-system", "registry.example.com:5000/metallb-controller@sha256:00"), controller("b", "metallb/controller:v0.13"))}},
		"MetalLB before it had pools": {manage: "pools", objects: map[string]string{deploymentsPath: items(controller("metallb-system", "metallb/controller:v0.12.1"))},
			messages: [][]string{{"MetalLB 0.12.1", "upgrade it to 0.14.9 or later"}}},
		"a second MetalLB beside an old one": {
			objects:  map[string]string{daemonSetsPath: items(speaker("lb/speaker", "")), deploymentsPath: items(controller("lb", "metallb/controller:v0.12.1"))},
			messages: [][]string{{"DaemonSet lb/speaker", `"pools" or "none"`}, {"MetalLB 0.12.1 in the namespace lb", "upgrade"}}},
		"pools beside no MetalLB": {manage: "pools", objects: map[string]string{poolsPath: items(pool("other/lan", "", "10.0.0.0/28")), deploymentsPath: items(controller("lb", "metallb/controller:v0.15.2"))},
			messages: [][]string{{`metallb.namespace is "metallb-system"`, "MetalLB runs in lb", `set metallb.namespace "lb"`}}},
		"pools beside one of two": {manage: "pools", objects: map[string]string{poolsPath: items(), deploymentsPath: items(controller("lb", "metallb/controller:v0.15.2"), foreign)}},
		"the kinds of a MetalLB that is gone": {manage: "pools", objects: map[string]string{poolsPath: items(), deploymentsPath: items(), chartDeploymentsPath: items()},
			warns: [][]string{{"no controller of MetalLB is found", "install MetalLB"}}},
		"none, and the kinds of a MetalLB that is gone": {manage: "none", objects: map[string]string{deploymentsPath: items(), chartDeploymentsPath: items(), poolsPath: items(pool("metallb-system/lan", "", "10.0.0.0/28"))},
			warns: [][]string{{"no controller of MetalLB is found", "install MetalLB"}}},
		"MetalLB for another class": {manage: "pools", objects: map[string]string{poolsPath: items(), deploymentsPath: items(classed("lan"))},
			messages: [][]string{{"MetalLB in the namespace metallb-system serves only Services of the loadBalancerClass \"lan\"", "--lb-class"}}},
		"MetalLB for another class, and one for all": {manage: "pools", objects: map[string]string{poolsPath: items(), deploymentsPath: items(classed("lan"), controller("b", "metallb/controller:v0.15.2"))}},
		"pools on what the stack installed": {manage: "pools", inState: []string{"CustomResourceDefinition /ipaddresspools.metallb.io"},
			objects:  map[string]string{poolsPath: items(), deploymentsPath: items(foreign)},
			messages: [][]string{{`metallb.manage is "pools"`, "this stack installed MetalLB", "pulumi state delete"}}},
		"pools on what the stack installed, and Deployments are hidden": {manage: "pools", inState: []string{"CustomResourceDefinition /ipaddresspools.metallb.io"},
			objects:  map[string]string{poolsPath: items(), deploymentsPath: "", daemonSetsPath: ""},
			messages: [][]string{{`metallb.manage is "pools"`, "this stack installed MetalLB"}}},

		"a Service of others has an address that the pool loses": {inState: []string{"IPAddressPool metallb-system/address-pool"}, objects: map[string]string{
			poolsPath: items(pool("metallb-system/address-pool", "", "10.0.0.3-10.0.0.254"), pool("metallb-system/others", "", "10.0.1.0/24")),
			servicesPath: items(allocated("shop/a", "metallb.io", "address-pool", "10.0.0.200"), allocated("shop/b", "metallb.universe.tf", "address-pool", "10.0.0.201"),
				allocated("shop/c", "metallb.io", "address-pool", "10.0.0.9"), allocated("shop/d", "metallb.io", "others", "10.0.1.2"))},
			messages: [][]string{{"metallb.addresses 10.0.0.3-10.0.0.9 removes 10.0.0.200, currently in IPAddressPool metallb-system/address-pool, from Service shop/a"}, {"removes 10.0.0.201", "Service shop/b"}}},
		"none, and a Service of others has an address of the stack's pool": {manage: "none", inState: []string{"IPAddressPool metallb-system/address-pool"}, objects: map[string]string{
			poolsPath:    items(pool("metallb-system/address-pool", "", "10.0.0.200-10.0.0.254"), pool("metallb-system/others", "", "10.0.0.0/28")),
			servicesPath: items(allocated("shop/a", "metallb.io", "address-pool", "10.0.0.200"))},
			messages: [][]string{{`metallb.manage "none" removes 10.0.0.200, currently in IPAddressPool metallb-system/address-pool, from Service shop/a`}}},

		"none, and a pool that holds both": {manage: "none", objects: map[string]string{deploymentsPath: items(foreign),
			poolsPath: items(pool("metallb-system/lan", `,"autoAssign":false,"serviceAllocation":{"namespaces":["hankki"]}`, "10.0.0.0/28"))}},
		"none, and no pool": {manage: "none", objects: map[string]string{poolsPath: items(pool("metallb-system/lan", "", "10.0.0.3-10.0.0.3"))},
			messages: [][]string{{"frontend.loadBalancerIP 10.0.0.4", "no IPAddressPool", "metallb-system/lan (10.0.0.3-10.0.0.3)", `"pools"`}}},
		"none, and a pool for others": {manage: "none", objects: map[string]string{poolsPath: items(pool("metallb-system/lan", limited, "10.0.0.0/28"))},
			messages: [][]string{{"backend.loadBalancerIP 10.0.0.3", "serviceAllocation excludes Service hankki/backend"}, {"frontend.loadBalancerIP 10.0.0.4", "hankki/frontend"}}},
		"none, and a pool for namespaces with a label": {manage: "none", objects: map[string]string{
			namespacePath: `{"metadata":{"name":"hankki","labels":{"lan":"no"}}}`,
			poolsPath:     items(pool("metallb-system/lan", `,"serviceAllocation":{"namespaceSelectors":[{"matchLabels":{"lan":"yes"}}]}`, "10.0.0.0/28"))},
			messages: [][]string{{"backend.loadBalancerIP 10.0.0.3", "serviceAllocation"}, {"frontend.loadBalancerIP 10.0.0.4", "serviceAllocation"}}},
		"none, and a pool for Services with our label": {manage: "none", objects: map[string]string{
			poolsPath: items(pool("metallb-system/lan", `,"serviceAllocation":{"serviceSelectors":[{"matchLabels":{"app.kubernetes.io/part-of":"hankki"}}]}`, "10.0.0.0/28"))}},
		"none, and only the stack's pool": {manage: "none", objects: map[string]string{poolsPath: items(pool("metallb-system/address-pool", "", "10.0.0.0/28"))},
			inState:  []string{"IPAddressPool metallb-system/address-pool"},
			messages: [][]string{{"backend.loadBalancerIP", "this update deletes IPAddressPool metallb-system/address-pool", "pulumi state delete"}, {"frontend.loadBalancerIP", "deletes"}}},
		"none, and the address of a node": {manage: "none", objects: map[string]string{nodesPath: items(node("w1", "10.0.0.4")), poolsPath: items(pool("metallb-system/lan", "", "10.0.0.0/28"))},
			messages: [][]string{{"frontend.loadBalancerIP 10.0.0.4", "node w1"}}},

		"no right to list": {objects: map[string]string{servicesPath: "", nodesPath: "", poolsPath: "", daemonSetsPath: "", deploymentsPath: "", kubeProxyPath: "", namespacePath: ""},
			warns: [][]string{{"may not list services", "grant `list`"}, {"may not list nodes", "grant `list`"}, {"may not list ipaddresspools", "grant `list`"}}},
		"no right to list, and none": {manage: "none", objects: map[string]string{servicesPath: "", nodesPath: items(), poolsPath: ""},
			warns: [][]string{{"may not list services", "grant `list`"}, {"may not list ipaddresspools", "grant `list`"}}},
	} {
		t.Run(name, func(t *testing.T) {
			newClusterOf(t, row.objects)
			c := stack("")
			c.Namespace, c.Backend.LoadBalancerIP, c.Frontend.LoadBalancerIP = "hankki", "10.0.0.3", "10.0.0.4"
			c.MetalLB = config.MetalLB{Manage: row.manage, Namespace: "metallb-system", Pool: "address-pool", Addresses: []string{"10.0.0.3-10.0.0.9"}}
			if row.manage == "" {
				c.MetalLB.Manage = config.ManageInstall
			}
			client, err := kubeconfig.Load("")
			if err != nil {
				t.Fatal(err)
			}
			c.Command.Handover = row.from
			warnings, err := preflight.LAN(context.Background(), c, client, owned{row.inState})
			var problems []string
			if err != nil {
				problems = strings.Split(err.Error(), "\n")
			}
			if len(problems) != len(row.messages) || len(warnings) != len(row.warns) {
				t.Fatalf("want %d errors and %d warnings, got\n%q\n%q", len(row.messages), len(row.warns), problems, warnings)
			}
			for _, words := range row.messages {
				oneHasAll(t, problems, words)
			}
			for _, words := range row.warns {
				oneHasAll(t, warnings, words)
			}
		})
	}
}

func oneHasAll(t *testing.T, lines, words []string) {
	t.Helper()
next:
	for _, line := range lines {
		for _, word := range words {
			if !strings.Contains(line, word) {
				continue next
			}
		}
		return
	}
	t.Errorf("no line has all of %q:\n%s", words, strings.Join(lines, "\n"))
}

// newClusterOf starts an API server with objects by path, and sets its kubeconfig. It returns 403 for an empty object.
func newClusterOf(t *testing.T, objects map[string]string) {
	t.Helper()
	server := serve(t, "http", loopback, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		if label := r.URL.Query().Get("labelSelector"); label != "" {
			path += "?" + label
		}
		w.Header().Set("Content-Type", "application/json")
		object, known := objects[path]
		switch {
		case object != "":
			fmt.Fprint(w, object)
		case known:
			stacktest.WriteStatus(w, http.StatusForbidden, "forbidden")
		default:
			stacktest.WriteStatus(w, http.StatusNotFound, "not found")
		}
	}))
	testfile.UseKubeconfig(t, map[string]string{"kitchen": server.URL}, "kitchen")
}
