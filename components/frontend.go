package components

import (
	"fmt"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// FrontendType is the resource type of Frontend.
const FrontendType = "hankki:components:Frontend"

const (
	frontendPort        = 8080 // of Nginx in the pod: without privileges it must be above 1023
	frontendMetricsPort = 9113 // the exporter's default

	// frontendStatus is where Nginx tells its figures (its module's name): images/frontend/nginx/hankki.conf.
	frontendStatus = "http://127.0.0.1:8081/stub_status"
)

// FrontendArgs are the inputs of a Frontend.
type FrontendArgs struct {
	Placement      Placement
	Image          ImageArgs
	Replicas       int
	LoadBalancerIP string          // address on the LAN
	TrafficPolicy  string          // Kubernetes' externalTrafficPolicy: Cluster or Local
	Port           int             // on that address
	Addresses      pulumi.Resource // what gives out addresses; only the Service waits for it
	Metrics        Metrics
	API            API
}

// API tells the front end how the browser reaches the API.
type API struct {
	// Proxy has Nginx pass /api on to Host:Port inside of the cluster, the pods of App, on the same port of theirs. Otherwise
	// the browser calls URL itself, as in the report.
	Proxy bool
	URL   pulumi.StringInput
	Host  pulumi.StringInput
	Port  int
	App   string
}

// Frontend is the presentation tier of the report: React behind Nginx, on an address of the LAN.
type Frontend struct {
	pulumi.ResourceState
	URL   pulumi.StringOutput // on the LAN
	Image pulumi.StringOutput // by digest
}

// NewFrontend builds the image and runs it.
func NewFrontend(ctx *pulumi.Context, name string, args FrontendArgs, opts ...pulumi.ResourceOption) (*Frontend, error) {
	f := &Frontend{}
	if err := ctx.RegisterComponentResource(FrontendType, name, f, opts...); err != nil {
		return nil, fmt.Errorf("frontend %q: %w", name, err)
	}
	child := pulumi.Parent(f)

	image, err := NewImage(ctx, name, args.Image, child)
	if err != nil {
		return nil, fmt.Errorf("frontend %q: %w", name, err)
	}
	if err := args.openArrows(ctx, name, child); err != nil {
		return nil, fmt.Errorf("frontend %q: %w", name, err)
	}
	w := workload{
		app: name, placement: args.Placement, user: appUser, scratch: []string{"/tmp"},
		container: corev1.ContainerArgs{
			Name:           pulumi.String("nginx"),
			Image:          image.Ref,
			Env:            args.API.env(),
			Ports:          corev1.ContainerPortArray{containerPort("http", frontendPort)},
			StartupProbe:   httpProbe("/healthz/live", 1, 30),
			ReadinessProbe: httpProbe("/healthz/ready", 5, 2),
			LivenessProbe:  httpProbe("/healthz/live", 10, 3),
			Resources:      resources("20m", "32Mi", "128Mi"),
		},
		sidecars: args.Metrics.sidecar(frontendMetricsPort, env(map[string]pulumi.StringInput{"SCRAPE_URI": pulumi.String(frontendStatus)})),
	}
	rolledOut, err := w.deployment(ctx, name, args.Replicas, child)
	if err != nil {
		return nil, fmt.Errorf("frontend %q: %w", name, err)
	}
	service, err := w.service(ctx, name, args.Port, pulumi.String("http"), onLAN{args.LoadBalancerIP, args.TrafficPolicy}, child, pulumi.DependsOn([]pulumi.Resource{args.Addresses}))
	if err != nil {
		return nil, fmt.Errorf("frontend %q: %w", name, err)
	}

	f.URL, f.Image = lanURL(args.LoadBalancerIP, args.Port), image.Ref
	if err := ctx.RegisterResourceOutputs(f, pulumi.Map{
		"rolledOut": rolledOut, "reachable": args.Placement.Rollout.reach(service, args.LoadBalancerIP, rolledOut), "url": f.URL, "image": f.Image,
	}); err != nil {
		return nil, fmt.Errorf("frontend %q: outputs: %w", name, err)
	}
	return f, nil
}

func (a API) env() corev1.EnvVarArray {
	if a.Proxy {
		return env(map[string]pulumi.StringInput{
			"API_MODE":     pulumi.String("proxy"),
			"API_UPSTREAM": pulumi.Sprintf("%s:%d", a.Host, a.Port),
		})
	}
	return env(map[string]pulumi.StringInput{"API_MODE": pulumi.String("direct"), "API_URL": a.URL})
}

// openArrows lets the LAN reach the pages, Prometheus the metrics, and Nginx the API only if it passes requests on.
func (a FrontendArgs) openArrows(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	opts = slices.Clone(opts)
	if a.API.Proxy {
		route, err := allowRoute(ctx, "to-"+a.API.App, a.Placement.Namespace, name, arrows{
			out: networkingv1.NetworkPolicyEgressRuleArray{toPods(a.API.Port, a.API.App)},
		}, opts...)
		if err != nil {
			return err
		}
		opts = append(opts, pulumi.DependsOn([]pulumi.Resource{route})) // which a former version had in this policy
	}
	return allow(ctx, name, a.Placement.Namespace, name, arrows{
		in: append(a.Metrics.arrow(frontendMetricsPort), fromAnywhere(frontendPort)),
	}, opts...)
}
