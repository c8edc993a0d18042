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
)

const (
	metalLBGroup     = "metallb.io"
	metalLBComponent = "hankki:components:MetalLB"
	metricsComponent = "hankki:components:MetricsServer"
)

// byMetalLB are the kinds whose objects MetalLB writes by itself.
var byMetalLB = []string{"ServiceL2Status", "ServiceBGPStatus", "BGPSessionStatus", "ConfigurationState"}

// site is what a stack has in its cluster.
type site struct {
	client  *cluster.Client
	owner   string           // project/stack
	id      string           // of the owner; empty where the state knows none
	objects []cluster.Object // of the state
	uids    map[string]bool  // of these objects in the cluster
}

// use is a use that others make of a component of this stack's.
type use struct {
	component string // its resource type
	by        string // who, and of what
}

// ours tells whether this stack has made an object, so that it may be deleted. The mark decides whose it is, as it does for the program
// before it deploys (package ownership), and what a destroy has kept is known by the name of the stack. But a mark can be copied: the
// object is the one that the state knows, or one that the stack has applied.
func (s site) ours(live *unstructured.Unstructured) bool {
	_, id := markOf(live)
	return (id == "" || s.marked(live)) && s.knows(live) || s.marked(live) && ownership.Applied(live)
}

// marked tells whether an object carries the mark of this stack, be it by a copy.
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

// knows tells whether the state has the very object, not only one of its name.
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

// defines tells whether the definition of a kind is of this stack's: then all objects of the kind go with it.
func (s site) defines(name string) bool {
	return slices.ContainsFunc(s.objects, func(o cluster.Object) bool {
		return o.Is("apiextensions.k8s.io", "CustomResourceDefinition") && o.Name == name
	})
}

// shared lists the uses that others make of what this stack brought into the cluster.
func (s site) shared(ctx context.Context) ([]use, error) {
	if len(s.objects) == 0 {
		return nil, nil
	}
	var uses []use
	for _, look := range []func(context.Context) ([]use, error){s.configurations, s.services, s.autoscalers} {
		found, err := look(ctx)
		if err != nil {
			return nil, fmt.Errorf("whether others use what the stack brought into the cluster is not known: %w; SHARED=delete does not ask", err)
		}
		uses = append(uses, found...)
	}
	return uses, nil
}

// configurations are others' pools, advertisements and the like, which would go with MetalLB's definitions of their kinds.
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

// services are others' Services whose addresses come out of this stack's pools, or from its MetalLB.
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

// autoscalers are others' that read what metrics-server measures.
func (s site) autoscalers(ctx context.Context) (uses []use, err error) {
	if !slices.ContainsFunc(s.objects, func(o cluster.Object) bool { return o.Is("apiregistration.k8s.io", "APIService") }) {
		return nil, nil
	}
	found, err := s.others(ctx, schema.GroupVersionKind{Group: "autoscaling", Version: "v2", Kind: "HorizontalPodAutoscaler"})
	for _, o := range found {
		uses = append(uses, use{metricsComponent, fmt.Sprintf("%s scales by what metrics-server measures", cluster.Name(&o))})
	}
	return uses, err
}

// others are the cluster's objects of a kind that are not of this stack.
func (s site) others(ctx context.Context, kind schema.GroupVersionKind) ([]unstructured.Unstructured, error) {
	all, err := s.client.List(ctx, kind, "")
	if cluster.Gone(err) {
		return nil, nil
	}
	return slices.DeleteFunc(all, func(o unstructured.Unstructured) bool { return s.ours(&o) }), err
}

func refusal(stackName string, used []use) error {
	var lines []string
	for _, u := range used {
		line := u.by + " (" + u.component[strings.LastIndex(u.component, ":")+1:] + " of this stack)"
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return fmt.Errorf(`stack %s can't be destroyed, because others use what it brought into the cluster:
  %s
Ways out: remove these first;
  SHARED=keep leaves MetalLB and metrics-server in the cluster, without a stack;
  SHARED=delete takes them away all the same`, stackName, strings.Join(lines, "\n  "))
}
