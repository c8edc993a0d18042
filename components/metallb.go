package components

import (
	_ "embed" // for an awk program
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

// metalLBAPI is the API version of MetalLB's IPAddressPool and L2Advertisement.
const metalLBAPI = "metallb.io/v1beta1"

// metalLBOrder is an awk program, not Go: a post renderer is a command, and its path is an input of the chart. The path
// of a local binary would be stored in the state and would differ on the next machine.
//
//go:embed metallb_order.awk
var metalLBOrder string

// nobody is the user ID of the chart's controller.
const nobody = 65534

// MetalLBArgs are the inputs of a MetalLB.
type MetalLBArgs struct {
	Install       bool // false: MetalLB already runs in Namespace
	Foreign       bool // create nothing: MetalLB and its pools are externally managed
	Namespace     string
	Chart         Chart
	Pool          string   // name of the IPAddressPool
	Addresses     []string // ranges FROM-TO or prefixes
	Advertisement string   // name of the L2Advertisement
}

// MetalLB assigns LAN addresses to Services of type LoadBalancer and announces them by ARP (layer 2 mode).
type MetalLB struct {
	pulumi.ResourceState

	// Announcers are the objects that a LoadBalancer Service must depend on; empty if MetalLB and its pools are externally
	// managed. They are listed because pulumi.DependsOn of a component misses children whose registration has not begun.
	Announcers []pulumi.Resource
}

// NewMetalLB installs MetalLB, if Install is set, and configures it.
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

// configure creates the pool and its advertisement and returns the advertisement. Both depend on MetalLB if it is
// installed. The pool assigns addresses only to Services that request it, so the configured addresses stay free for the
// site.
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
			"avoidBuggyIPs": true, // skip .0 and .255 for Services that request the pool but no address
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

// install installs the chart without BGP: layer 2 needs neither FRR nor its pods. The speaker uses the host network, so
// its namespace cannot enforce "restricted".
func (a MetalLBArgs) install(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) (*helmv4.Chart, error) {
	namespace, err := corev1.NewNamespace(ctx, a.Namespace, &corev1.NamespaceArgs{Metadata: metav1.ObjectMetaArgs{
		Name: pulumi.String(a.Namespace), Labels: podSecurity("privileged"),
	}}, append(slices.Clone(opts), retained)...)
	if err != nil {
		return nil, fmt.Errorf("namespace %q: %w", a.Namespace, err)
	}
	off := pulumi.Map{"enabled": pulumi.Bool(false)}
	// The chart sets no requests or limits, so the kubelet would evict these pods first under memory pressure. Evicting a
	// speaker withdraws its addresses.
	needs := resources("20m", "64Mi", "256Mi")
	// The chart's initialDelaySeconds of 10 would dominate a fresh deployment.
	ready := pulumi.Map{"initialDelaySeconds": pulumi.Int(1), "periodSeconds": pulumi.Int(2)}
	seccomp := pulumi.StringMap{"type": pulumi.String("RuntimeDefault")}
	return a.Chart.install(ctx, name, chartUse{chart: "metallb", namespace: namespace.Metadata.Name(), order: metalLBOrder, values: pulumi.Map{
		"controller": pulumi.Map{
			"resources": needs, "readinessProbe": ready, "securityContext": pulumi.Map{"runAsGroup": pulumi.Int(nobody), "seccompProfile": seccomp},
			// With the webhook, the controller does nothing until it sees its certificate in a mounted Secret, which can
			// take the kubelet a minute. Package config rejects invalid values before, and the controller after.
			"webhookMode": pulumi.String("disabled"),
		},
		"crds":    pulumi.Map{"validationFailurePolicy": pulumi.String("Ignore")}, // the webhook is disabled, so the CRDs must not require it
		"speaker": pulumi.Map{"resources": needs, "readinessProbe": ready, "securityContext": pulumi.Map{"seccompProfile": seccomp}, "frr": off},
		"frrk8s":  off,
	}}, opts...)
}
