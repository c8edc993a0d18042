package destroy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"hankki/internal/cluster"
	"hankki/internal/metallb"
	"hankki/internal/ownership"
	"hankki/internal/stack"
)

const (
	metalLBGroup       = "metallb.io"
	metalLBComponent   = "hankki:components:MetalLB"
	metricsComponent   = "hankki:components:MetricsServer"
	deployersComponent = "hankki:components:Deployers"
)

// byMetalLB are the kinds whose objects MetalLB itself writes.
var byMetalLB = []string{"ServiceL2Status", "ServiceBGPStatus", "BGPSessionStatus", "ConfigurationState"}

// site is what a stack has in its cluster.
type site struct {
	client  *cluster.Client
	owner   string           // project/stack
	id      string           // of the owner; empty if the state has none
	objects []cluster.Object // in the state
	uids    map[string]bool  // UIDs of these objects
	sites   []string         // namespaces that the stack created for sites of other stacks
}

// use describes an object of others that uses a component of this stack.
type use struct {
	component string // its resource type
	by        string // the object and how it uses the component
}

// owns reports whether this stack created an object and may delete it. The ownership annotations decide, as in
// package ownership. Objects that a destroy kept are identified by the stack's name. Because annotations can be
// copied with an object, the object must also be in the state or have been applied by the stack.
func (s site) owns(live *unstructured.Unstructured) bool {
	_, id := markOf(live)
	return (id == "" || s.marked(live)) && s.knows(live) || s.marked(live) && ownership.Applied(live)
}

// marked reports whether an object has the ownership annotations of this stack, possibly copied.
func (s site) marked(live *unstructured.Unstructured) bool {
	name, id := markOf(live)
	switch id {
	case "":
		return false
	case s.id:
		return true
	case ownership.ByName:
		return name == s.owner
	default:
		kind := live.GroupVersionKind()
		return name == s.owner && (kind == cluster.NamespaceKind || kind == cluster.ClaimKind)
	}
}

// knows reports whether the state contains this object, compared by UID and not only by name.
func (s site) knows(live *unstructured.Unstructured) bool {
	return s.has(cluster.Name(live)) && (len(s.uids) == 0 || s.uids[string(live.GetUID())])
}

func markOf(live *unstructured.Unstructured) (owner, id string) {
	annotations := live.GetAnnotations()
	return annotations[ownership.NameAnnotation], annotations[ownership.IDAnnotation]
}

func (s site) has(o cluster.Object) bool {
	return slices.ContainsFunc(s.objects, func(one cluster.Object) bool { return one.Key() == o.Key() })
}

// defines reports whether the stack owns the CustomResourceDefinition; deleting it deletes all objects of its kind.
func (s site) defines(name string) bool {
	return slices.ContainsFunc(s.objects, func(o cluster.Object) bool {
		return o.Is("apiextensions.k8s.io", "CustomResourceDefinition") && o.Name == name
	})
}

// shared lists how others use the shared components of this stack.
func (s site) shared(ctx context.Context) ([]use, error) {
	if len(s.objects) == 0 {
		return nil, nil
	}
	var uses []use
	for _, list := range []func(context.Context) ([]use, error){s.configurations, s.services, s.autoscalers, s.siteContents} {
		found, err := list(ctx)
		if err != nil {
			return nil, fmt.Errorf("checking whether others use MetalLB, metrics-server or namespaces of this stack: %w; SHARED=delete skips the check", err)
		}
		uses = append(uses, found...)
	}
	return uses, nil
}

// configurations lists pools, advertisements and other MetalLB objects of others, which would be deleted with
// MetalLB's CustomResourceDefinitions.
func (s site) configurations(ctx context.Context) (uses []use, err error) {
	if !s.defines("ipaddresspools." + metalLBGroup) {
		return nil, nil
	}
	for _, kind := range s.client.OfGroup(metalLBGroup) {
		if slices.Contains(byMetalLB, kind.Kind) {
			continue
		}
		found, err := s.others(ctx, kind)
		if err != nil {
			return nil, err
		}
		for _, o := range found {
			uses = append(uses, use{metalLBComponent, fmt.Sprintf("%s configures MetalLB", cluster.Name(&o))})
		}
	}
	return uses, nil
}

// services lists Services of others whose addresses come from this stack's pools or its MetalLB.
func (s site) services(ctx context.Context) (uses []use, err error) {
	pools := map[string]bool{}
	for _, o := range s.objects {
		if o.Is(metalLBGroup, "IPAddressPool") {
			pools[o.Name] = true
		}
	}
	installed := s.defines("ipaddresspools." + metalLBGroup)
	if !installed && len(pools) == 0 {
		return nil, nil
	}
	found, err := s.others(ctx, cluster.ServiceKind)
	if err != nil {
		return nil, err
	}
	for _, o := range found {
		if pool := metallb.PoolOf(o.GetAnnotations()); pool != "" && (installed || pools[pool]) {
			uses = append(uses, use{metalLBComponent, fmt.Sprintf("%s has an address of the pool %s", cluster.Name(&o), pool)})
		}
	}
	return uses, nil
}

// autoscalers lists HorizontalPodAutoscalers of others that use this stack's metrics-server.
func (s site) autoscalers(ctx context.Context) (uses []use, err error) {
	if !slices.ContainsFunc(s.objects, func(o cluster.Object) bool { return o.Is("apiregistration.k8s.io", "APIService") }) {
		return nil, nil
	}
	found, err := s.others(ctx, schema.GroupVersionKind{Group: "autoscaling", Version: "v2", Kind: "HorizontalPodAutoscaler"})
	for _, o := range found {
		uses = append(uses, use{metricsComponent, fmt.Sprintf("%s uses metrics from metrics-server", cluster.Name(&o))})
	}
	return uses, err
}

// siteContents lists the namespaces in which another stack has a site or its data, each with one of the objects.
func (s site) siteContents(ctx context.Context) (uses []use, err error) {
	for _, namespace := range s.sites {
		contents, err := s.client.Contents(ctx, namespace)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, o := range contents {
			if !s.owns(&o) {
				names = append(names, cluster.Name(&o).String())
			}
		}
		if len(names) == 0 {
			continue
		}
		slices.Sort(names)
		uses = append(uses, use{deployersComponent, fmt.Sprintf("namespace %s of a site has objects of others (%d), e.g. %s", namespace, len(names), names[0])})
	}
	return uses, nil
}

// sitesOf lists the namespaces that the stack created for sites of other stacks.
func sitesOf(state *stack.State) (namespaces []string) {
	for _, r := range state.Resources {
		if o, ok := r.Object(); ok && o.Kind == cluster.NamespaceKind && r.Inside(deployersComponent) {
			namespaces = append(namespaces, o.Name)
		}
	}
	return namespaces
}

// others lists the objects of a kind that do not belong to this stack.
func (s site) others(ctx context.Context, kind schema.GroupVersionKind) ([]unstructured.Unstructured, error) {
	all, err := s.client.List(ctx, kind, "")
	if cluster.NotFound(err) {
		return nil, nil
	}
	return slices.DeleteFunc(all, func(o unstructured.Unstructured) bool { return s.owns(&o) }), err
}

func sharedError(stackName string, used []use) error {
	var lines []string
	for _, u := range used {
		line := u.by + " (" + u.component[strings.LastIndex(u.component, ":")+1:] + " of this stack)"
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return fmt.Errorf(`stack %s can't be destroyed, because others use components that it installed:
  %s
Ways out: delete these objects first, those of a site by destroying its stack;
  SHARED=keep keeps these components in the cluster, without a stack;
  SHARED=delete deletes them anyway, but no namespace with objects of others`, stackName, strings.Join(lines, "\n  "))
}
