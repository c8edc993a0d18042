package reach

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"hankki/internal/kubeconfig"
	"hankki/internal/metallb"
)

// facts are the state of a Service and of MetalLB at one time.
type facts struct {
	service   *corev1.Service // nil: does not exist
	namespace *corev1.Namespace
	endpoints []discoveryv1.EndpointSlice
	events    []corev1.Event // warnings about the Service
	services  []corev1.Service
	nodes     []corev1.Node
	pods      []corev1.Pod // of MetalLB
	pools     []metallb.Pool
	l2, bgp   []metallb.Advertisement
	statuses  []metallb.ServiceL2Status
	states    []metallb.ConfigurationState

	unknown map[string]error // resources that can't be read, by plural name: an unknown kind, or no permission to list it
}

// readFacts reads all facts concurrently. It fails if the cluster does not respond.
func readFacts(ctx context.Context, c kubeconfig.Client, s service) (*facts, error) {
	f := &facts{}
	var byManifest []corev1.Pod
	g := kubeconfig.NewGathering(c)
	g.Get(ctx, &f.service, "the Service", s.path())
	g.Get(ctx, &f.namespace, "the namespace", "/api/v1/namespaces/"+s.namespace)
	kubeconfig.GatherList(ctx, g, &f.endpoints, "endpointslices", "/apis/discovery.k8s.io/v1/namespaces/"+s.namespace+"/endpointslices",
		"labelSelector", discoveryv1.LabelServiceName+"="+s.name)
	kubeconfig.GatherList(ctx, g, &f.events, "events", "/api/v1/namespaces/"+s.namespace+"/events",
		"fieldSelector", "type=Warning,involvedObject.kind=Service,involvedObject.name="+s.name)
	kubeconfig.GatherList(ctx, g, &f.services, "services", "/api/v1/services")
	kubeconfig.GatherList(ctx, g, &f.nodes, "nodes", "/api/v1/nodes")
	kubeconfig.GatherList(ctx, g, &f.pods, "pods", "/api/v1/pods", "labelSelector", "app.kubernetes.io/name=metallb")
	kubeconfig.GatherList(ctx, g, &byManifest, "pods", "/api/v1/pods", "labelSelector", "app=metallb")
	kubeconfig.GatherList(ctx, g, &f.pools, "ipaddresspools", metallb.API+"/ipaddresspools")
	kubeconfig.GatherList(ctx, g, &f.l2, "l2advertisements", metallb.API+"/l2advertisements")
	kubeconfig.GatherList(ctx, g, &f.bgp, "bgpadvertisements", metallb.API+"/bgpadvertisements")
	kubeconfig.GatherList(ctx, g, &f.statuses, "servicel2statuses", metallb.API+"/servicel2statuses")
	kubeconfig.GatherList(ctx, g, &f.states, "configurationstates", metallb.API+"/configurationstates")
	var err error
	if f.unknown, err = g.Wait(); err != nil {
		return nil, err
	}
	f.pods = append(f.pods, byManifest...)
	if f.unknown["the Service"] != nil && !apierrors.IsNotFound(f.unknown["the Service"]) {
		return nil, f.unknown["the Service"]
	}
	return f, nil
}

// hidden lists the resources that can't be read, as a hint if a reason is missing.
func (f *facts) hidden() (lines []string) {
	for _, what := range slices.Sorted(maps.Keys(f.unknown)) {
		if apierrors.IsForbidden(f.unknown[what]) {
			lines = append(lines, fmt.Sprintf("%s can't be read: %v", what, f.unknown[what]))
		}
	}
	return lines
}

// installed lists the pools in MetalLB's namespaces; pools in other namespaces have no effect.
func (f *facts) installed() []metallb.Pool {
	namespaces := f.namespaces()
	if len(namespaces) == 0 {
		return f.pools
	}
	return slices.DeleteFunc(slices.Clone(f.pools), func(p metallb.Pool) bool { return !slices.Contains(namespaces, p.Namespace) })
}

// namespaces lists the namespaces that MetalLB runs in, sorted.
func (f *facts) namespaces() (names []string) {
	for _, pod := range f.pods {
		names = append(names, pod.Namespace)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// poolOf returns the pool that contains an address.
func (f *facts) poolOf(address string) (metallb.Pool, bool) {
	pools := f.installed()
	if i := slices.IndexFunc(pools, func(p metallb.Pool) bool { return p.Contains(address) }); i >= 0 {
		return pools[i], true
	}
	return metallb.Pool{}, false
}

// refused lists why MetalLB rejects its configuration: from its status (0.15.3 and later), otherwise from the pools.
func (f *facts) refused() (why []string) {
	byNamespace := map[string][]metallb.Pool{}
	for _, p := range f.installed() {
		byNamespace[p.Namespace] = append(byNamespace[p.Namespace], p)
	}
	for _, namespace := range slices.Sorted(maps.Keys(byNamespace)) {
		why = append(why, metallb.Refused(byNamespace[namespace])...)
	}
	for _, state := range f.states {
		if state.Status.Result == "Invalid" && !slices.Contains(why, state.Status.Summary) {
			why = append(why, strings.TrimSpace(state.Status.Summary))
		}
	}
	return slices.Compact(why)
}

// flag returns an argument of the pods of a MetalLB component.
func (f *facts) flag(isOf func(map[string]string) bool, name string) (value string, given bool) {
	for _, pod := range f.pods {
		if value, given := metallb.Flag(pod.Spec, name); given && isOf(pod.Labels) {
			return value, true
		}
	}
	return "", false
}
