package components

import (
	"fmt"
	"maps"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// FrontendType is the resource type of Frontend.
const FrontendType = "hankki:components:Frontend"

const (
	frontendPort        = 8080 // Nginx's port in the pod; an unprivileged process needs a port above 1023
	frontendMetricsPort = 9113 // the exporter's default

	// frontendStatus is the URL of Nginx's stub_status module: images/frontend/nginx/hankki.conf.
	frontendStatus = "http://127.0.0.1:8081/stub_status"
)

// FrontendArgs are the inputs of Frontend.Serve.
type FrontendArgs struct {
	Scope          Scope
	Replicas       int
	LoadBalancerIP string            // address on the LAN
	TrafficPolicy  string            // Kubernetes' externalTrafficPolicy: Cluster or Local
	Port           int               // on that address; with TLS it redirects to HTTPS, and 0 closes it
	TLS            *TLS              // nil: plain HTTP
	Announcers     []pulumi.Resource // objects that announce the address; only the Service depends on them
	Metrics        *Metrics
	API            API
}

// API configures how the browser reaches the API.
type API struct {
	// Proxy makes Nginx forward /api to Host:Port in the cluster; App is the name label of the pods, which listen on the
	// same port. Otherwise the browser calls URL itself, as in the report.
	Proxy bool
	URL   pulumi.StringInput
	Host  pulumi.StringInput
	Port  int
	App   string
}

// Frontend is the presentation tier of the report: React behind Nginx, on a LAN address.
type Frontend struct {
	pulumi.ResourceState
	URL   pulumi.StringOutput // on the LAN; set by Serve
	Image pulumi.StringOutput // by digest
	Pods  pulumi.Resource     // its Deployment, for pulumi.DependsOn; set by Serve
	name  string
}

// NewFrontend builds the image, which the API's TLSProxy also uses. Serve deploys it.
func NewFrontend(ctx *pulumi.Context, name string, image ImageArgs, opts ...pulumi.ResourceOption) (_ *Frontend, err error) {
	defer named(&err, "frontend", name)
	f := &Frontend{name: name}
	if err := ctx.RegisterComponentResource(FrontendType, name, f, opts...); err != nil {
		return nil, err
	}
	built, err := NewImage(ctx, name, image, pulumi.Parent(f))
	if err != nil {
		return nil, err
	}
	f.Image = built.Ref
	return f, nil
}

// Serve deploys the image with the options of NewFrontend.
func (f *Frontend) Serve(ctx *pulumi.Context, args FrontendArgs) (err error) {
	defer named(&err, "frontend", f.name)
	name, child := f.name, pulumi.Parent(f)
	if err := args.newNetworkPolicies(ctx, name, child); err != nil {
		return err
	}
	w := workload{
		app: name, scope: args.Scope, user: appUser, scratch: []string{"/tmp"},
		container: corev1.ContainerArgs{
			Name:           pulumi.String("nginx"),
			Image:          f.Image,
			Env:            args.env(),
			Ports:          args.ports(),
			StartupProbe:   httpProbe("/healthz/live", 1, 30),
			ReadinessProbe: httpProbe("/healthz/ready", 5, 2),
			LivenessProbe:  httpProbe("/healthz/live", 10, 3),
			Resources:      nginxResources(),
		},
		volumes:  args.TLS.volumes(),
		mounts:   args.TLS.mounts(),
		sidecars: args.Metrics.sidecar(frontendMetricsPort, env(map[string]pulumi.StringInput{"SCRAPE_URI": pulumi.String(frontendStatus)})),
	}
	deployment, rolledOut, err := w.deployment(ctx, name, args.Replicas, child)
	if err != nil {
		return err
	}
	f.Pods = deployment
	service, err := w.service(ctx, name, args.servicePorts(name), &loadBalancer{args.LoadBalancerIP, args.TrafficPolicy}, child, pulumi.DependsOn(args.Announcers))
	if err != nil {
		return err
	}

	f.URL = args.url()
	if err := ctx.RegisterResourceOutputs(f, pulumi.Map{
		"rolledOut": rolledOut, "reachable": args.Scope.Wait.reachable(service, args.LoadBalancerIP, rolledOut), "url": f.URL, "image": f.Image,
	}); err != nil {
		return fmt.Errorf("outputs: %w", err)
	}
	return nil
}

// url returns the URL of the page on the LAN.
func (a FrontendArgs) url() pulumi.StringOutput {
	if a.TLS != nil {
		return a.TLS.url(httpsPort)
	}
	return lanURL(a.LoadBalancerIP, a.Port)
}

// env returns the environment variables of the image.
func (a FrontendArgs) env() corev1.EnvVarArray {
	vars := map[string]pulumi.StringInput{"API_MODE": pulumi.String("direct"), "API_URL": a.API.URL}
	if a.API.Proxy {
		vars = map[string]pulumi.StringInput{"API_MODE": pulumi.String("proxy"), "API_UPSTREAM": pulumi.Sprintf("%s:%d", a.API.Host, a.API.Port)}
	}
	maps.Copy(vars, a.TLS.env())
	return env(vars)
}

func (a FrontendArgs) ports() corev1.ContainerPortArray {
	ports := corev1.ContainerPortArray{containerPort("http", frontendPort)}
	if a.TLS != nil {
		ports = append(ports, containerPort("https", nginxTLSPort))
	}
	return ports
}

// servicePorts returns the ports on the LAN.
func (a FrontendArgs) servicePorts(name string) (ports corev1.ServicePortArray) {
	if a.Port != 0 {
		ports = append(ports, servicePort(name, a.Port, "http"))
	}
	if a.TLS != nil {
		ports = append(ports, servicePort("https", httpsPort, "https"))
	}
	return ports
}

// newNetworkPolicies creates the network policy rules. Ingress: the LAN to the pages, Prometheus to the metrics. Egress: the API,
// only with Proxy.
func (a FrontendArgs) newNetworkPolicies(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	opts = slices.Clone(opts)
	if a.API.Proxy {
		route, err := a.Scope.allowRoute(ctx, "to-"+a.API.App, name, policyRules{
			out: networkingv1.NetworkPolicyEgressRuleArray{toPods(a.API.Port, a.API.App)},
		}, opts...)
		if err != nil {
			return err
		}
		opts = append(opts, pulumi.DependsOn([]pulumi.Resource{route})) // an earlier version had this rule in the policy below
	}
	if a.TLS != nil {
		if _, err := a.Scope.allowHTTPS(ctx, name, opts...); err != nil {
			return err
		}
	}
	in := a.Metrics.scrapeRule(frontendMetricsPort)
	if a.Port != 0 {
		in = append(in, fromAnywhere(frontendPort))
	}
	return a.Scope.allow(ctx, name, policyRules{in: in}, opts...)
}
