package components

import (
	_ "embed" // of an awk program
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	helmv4 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/helm/v4"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// MetalLBType is the resource type of MetalLB.
const MetalLBType = "hankki:components:MetalLB"

// metalLBAPI is the API version of MetalLB's pools and advertisements.
const metalLBAPI = "metallb.io/v1beta1"

// metalLBOrder is an awk program and not Go, because a post renderer is a command and its path is an input of the chart: the path of
// a binary of this machine would be in the state, and would differ on the next machine.
//
//go:embed metallb_order.awk
var metalLBOrder string

// nobody is the user that the chart's controller runs as.
const nobody = 65534

// MetalLBArgs are the inputs of a MetalLB.
type MetalLBArgs struct {
	Install       bool // false: it already runs in Namespace
	Foreign       bool // nothing is made: others manage MetalLB and its pools
	Namespace     string
	Chart         Chart
	Pool          string   // name of the IPAddressPool
	Addresses     []string // ranges FROM-TO or prefixes
	Advertisement string   // name of the L2Advertisement
}

// MetalLB gives Services of the type LoadBalancer an address on the LAN, announced by ARP (layer 2 mode).
type MetalLB struct {
	pulumi.ResourceState

	// Announcers are what a Service with an address must be created after; empty if others manage MetalLB and its pools. They
	// are listed because pulumi.DependsOn of a component misses the children whose registration has not begun.
	Announcers []pulumi.Resource
}

// NewMetalLB installs MetalLB if asked to, then configures it.
func NewMetalLB(ctx *pulumi.Context, name string, args MetalLBArgs, opts ...pulumi.ResourceOption) (_ *MetalLB, err error) {
	defer named(&err, "metallb", name)
	m := &MetalLB{}
	if err := ctx.RegisterComponentResource(MetalLBType, name, m, opts...); err != nil {
		return nil, err
	}
	if !args.Foreign {
		advertisement, err := args.configure(ctx, name, pulumi.Parent(m))
		if err != nil {
			return nil, err
		}
		m.Announcers = append(m.Announcers, advertisement)
	}
	if err := ctx.RegisterResourceOutputs(m, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return m, nil
}

// configure makes the pool and its advertisement, which it returns, after MetalLB itself if it is to be installed. The pool gives its
// addresses only to Services that ask for one: the configured addresses stay free for ours.
func (a MetalLBArgs) configure(ctx *pulumi.Context, name string, child pulumi.ResourceOption) (*apiextensions.CustomResource, error) {
	var installed []pulumi.Resource
	if a.Install {
		chart, err := a.install(ctx, name, child)
		if err != nil {
			return nil, err
		}
		installed = append(installed, chart)
	}
	pool, err := apiextensions.NewCustomResource(ctx, a.Pool, &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String(metalLBAPI),
		Kind:       pulumi.String("IPAddressPool"),
		Metadata:   metav1.ObjectMetaArgs{Name: pulumi.String(a.Pool), Namespace: pulumi.String(a.Namespace)},
		OtherFields: kubernetes.UntypedArgs{"spec": kubernetes.UntypedArgs{
			"addresses": a.Addresses, "autoAssign": false,
			"avoidBuggyIPs": true, // of a Service that asks for the pool by name, and for no address: not .0 or .255
		}},
	}, child, pulumi.DependsOn(installed))
	if err != nil {
		return nil, fmt.Errorf("pool %q: %w", a.Pool, err)
	}
	advertisement, err := apiextensions.NewCustomResource(ctx, a.Advertisement, &apiextensions.CustomResourceArgs{
		ApiVersion:  pulumi.String(metalLBAPI),
		Kind:        pulumi.String("L2Advertisement"),
		Metadata:    metav1.ObjectMetaArgs{Name: pulumi.String(a.Advertisement), Namespace: pulumi.String(a.Namespace)},
		OtherFields: kubernetes.UntypedArgs{"spec": kubernetes.UntypedArgs{"ipAddressPools": []string{a.Pool}}},
	}, child, pulumi.DependsOn([]pulumi.Resource{pool}))
	if err != nil {
		return nil, fmt.Errorf("advertisement %q: %w", a.Advertisement, err)
	}
	return advertisement, nil
}

// install runs the chart without BGP: layer 2 needs neither FRR nor its pods. The speaker uses the nodes' network, so
// its namespace can't be "restricted".
func (a MetalLBArgs) install(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) (*helmv4.Chart, error) {
	namespace, err := corev1.NewNamespace(ctx, a.Namespace, &corev1.NamespaceArgs{Metadata: metav1.ObjectMetaArgs{
		Name: pulumi.String(a.Namespace), Labels: podSecurity("privileged"),
	}}, append(slices.Clone(opts), retained)...)
	if err != nil {
		return nil, fmt.Errorf("namespace %q: %w", a.Namespace, err)
	}
	off := pulumi.Map{"enabled": pulumi.Bool(false)}
	// Of pods without requests and limits, which the chart's are, a node short of memory ends the first: with the speaker
	// an address would go.
	needs := resources("20m", "64Mi", "256Mi")
	// Its own ten seconds until the first question would be the longest part of a deployment from nothing.
	ready := pulumi.Map{"initialDelaySeconds": pulumi.Int(1), "periodSeconds": pulumi.Int(2)}
	seccomp := pulumi.StringMap{"type": pulumi.String("RuntimeDefault")}
	return a.Chart.install(ctx, name, chartUse{chart: "metallb", namespace: namespace.Metadata.Name(), order: metalLBOrder, values: pulumi.Map{
		"controller": pulumi.Map{
			"resources": needs, "readinessProbe": ready, "securityContext": pulumi.Map{"runAsGroup": pulumi.Int(nobody), "seccompProfile": seccomp},
			// With it the controller does nothing until it sees its certificate in a Secret that is mounted, for a minute if
			// kubelet looks late. What it would refuse this program refuses (package config), and the controller later.
			"webhookMode": pulumi.String("disabled"),
		},
		"crds":    pulumi.Map{"validationFailurePolicy": pulumi.String("Ignore")}, // by a webhook that nobody answers
		"speaker": pulumi.Map{"resources": needs, "readinessProbe": ready, "securityContext": pulumi.Map{"seccompProfile": seccomp}, "frr": off},
		"frrk8s":  off,
	}}, opts...)
}
