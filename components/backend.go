package components

import (
	"fmt"
	"slices"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// BackendType is the resource type of Backend.
const BackendType = "hankki:components:Backend"

const (
	backendPort        = 5000 // Gunicorn's port in the pod
	backendProxiedPort = 5001 // on this port the API trusts Nginx's X-Forwarded-For
	backendMetricsPort = 9464 // chosen by the API
)

// BackendArgs are the inputs of a Backend.
type BackendArgs struct {
	Scope          Scope
	Image          ImageArgs
	Replicas       int
	Autoscaling    *Autoscaling      // replaces Replicas; nil: fixed number of replicas
	LoadBalancerIP string            // address on the LAN
	TrafficPolicy  string            // Kubernetes' externalTrafficPolicy: Cluster or Local
	Port           int               // port on that address
	Announcers     []pulumi.Resource // objects that announce the address; only the Service depends on them
	AllowedOrigin  string            // the one CORS origin
	TLSProxy       *TLSProxy         // HTTPS listener at the address; nil: plain HTTP
	Proxy          string            // name label of the reverse proxy's pods, which set X-Forwarded-For; empty: no proxy
	SampleData     bool              // load the sample recipes with each migration
	Metrics        *Metrics
	Redis          RedisEndpoint
	RedisPassword  Secret
	Database       Database
	SigningKey     Secret // signs access tokens
	// SigningKeyFallbacks are further keys whose tokens are accepted, separated by spaces; may be empty.
	SigningKeyFallbacks Secret
}

// Database is the PostgreSQL server that the API uses.
type Database struct {
	Host     pulumi.StringInput
	Port     int
	Name     string
	User     string
	Password Secret
	Fallback Secret // used if the server rejects Password; may be empty
	SSLMode  string // sslmode of libpq
	// Certificates are required by verify-ca, verify-full and client certificate authentication; nil: no certificates.
	Certificates *DatabaseCertificates
	// App is the name label of the server's pods if the server runs in the cluster. Otherwise Address, if not empty, is
	// the only host that pods may reach on Port.
	App     string
	Address string
	// VolumeUID changes when the server starts with an empty data directory. Nil: unknown.
	VolumeUID pulumi.StringInput
}

// Backend is the application tier of the report: Flask behind Gunicorn, on a LAN address. A Job migrates the database for
// each new version. The pods are updated only if the Job succeeds.
type Backend struct {
	pulumi.ResourceState
	URL         pulumi.StringOutput // on the LAN
	ProxiedHost pulumi.StringOutput // inside the cluster, for Proxy only; unset without Proxy
	ProxiedPort int
	Image       pulumi.StringOutput // by digest
	Pods        pulumi.Resource     // its Deployment, for pulumi.DependsOn
	Report      pulumi.StringOutput // the schema, in JSON, as `flask release` reported it; empty: unknown
}

// NewBackend builds the image, migrates the database and runs the API.
func NewBackend(ctx *pulumi.Context, name string, args BackendArgs, opts ...pulumi.ResourceOption) (_ *Backend, err error) {
	defer named(&err, "backend", name)
	b := &Backend{ProxiedPort: backendProxiedPort}
	if err := ctx.RegisterComponentResource(BackendType, name, b, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(b)

	image, err := NewImage(ctx, name, args.Image, child)
	if err != nil {
		return nil, err
	}
	secret, err := newSecretOf(ctx, name, args.Scope.Namespace, args.secrets(), child)
	if err != nil {
		return nil, err
	}
	if err := args.newNetworkPolicies(ctx, name, child); err != nil {
		return nil, err
	}
	certificates, err := args.Database.Certificates.mount(ctx, name, args.Scope.Namespace, child)
	if err != nil {
		return nil, err
	}
	migration, err := args.migrate(ctx, name, image.Ref, secret, certificates, child)
	if err != nil {
		return nil, err
	}
	w := workload{
		app: name, scope: args.Scope, user: appUser, scratch: []string{"/tmp"},
		container: args.container(image.Ref, secret), mounts: certificates.mounts, autoscaling: args.Autoscaling,
		sidecars: args.TLSProxy.sidecar(), volumes: append(certificates.volumes, args.TLSProxy.volumes()...), annotations: following(args.secrets()),
	}
	deployment, rolledOut, err := w.deployment(ctx, name, args.Replicas, child, pulumi.DependsOn([]pulumi.Resource{migration}))
	if err != nil {
		return nil, err
	}
	b.Pods = deployment
	service, err := w.service(ctx, name, w.port(args.Port, args.lanPort()), &loadBalancer{args.LoadBalancerIP, args.TrafficPolicy}, child, pulumi.DependsOn(args.Announcers))
	if err != nil {
		return nil, err
	}
	if args.Proxy != "" {
		proxied, err := w.service(ctx, name+"-proxied", w.port(backendProxiedPort, "proxied"), nil, child)
		if err != nil {
			return nil, err
		}
		b.ProxiedHost = clusterHost(proxied)
	}

	b.URL, b.Image, b.Report = args.url(), image.Ref, args.Scope.Wait.message(migration)
	if err := ctx.RegisterResourceOutputs(b, pulumi.Map{
		"rolledOut": rolledOut, "reachable": args.Scope.Wait.reachable(service, args.LoadBalancerIP, rolledOut), "url": b.URL, "image": b.Image,
	}); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return b, nil
}

// lanPort returns the name of the container port that the LAN reaches.
func (a BackendArgs) lanPort() string {
	if a.TLSProxy != nil {
		return "https"
	}
	return "http"
}

// url returns the API's URL on the LAN.
func (a BackendArgs) url() pulumi.StringOutput {
	if a.TLSProxy != nil {
		return a.TLSProxy.TLS.url(a.Port)
	}
	return lanURL(a.LoadBalancerIP, a.Port)
}

// terminationLog is Kubernetes' default file for the termination message of a container.
const terminationLog = "/dev/termination-log"

// MigrationApp returns the name label of the Job that migrates the database of that backend.
func MigrationApp(backend string) string { return backend + "-release" }

// migrate runs the migrations once per image, configuration and database. A Job is immutable, so Pulumi replaces it.
func (a BackendArgs) migrate(ctx *pulumi.Context, name string, image, secret pulumi.StringInput, certificates mounted, opts ...pulumi.ResourceOption) (*batchv1.Job, error) {
	command := []string{"flask", "release"}
	if a.SampleData {
		command = append(command, "--sample-data")
	}
	w := workload{
		app: MigrationApp(name), scope: a.Scope, user: appUser, scratch: []string{"/tmp"},
		container: corev1.ContainerArgs{
			Name: pulumi.String("release"), Image: image, Args: pulumi.ToStringArray(command),
			Env: append(a.env(secret), env(map[string]pulumi.StringInput{"RELEASE_REPORT": pulumi.String(terminationLog)})...), Resources: resources("100m", "128Mi", "256Mi"), // measured: 107 MiB
		},
		volumes: certificates.volumes, mounts: certificates.mounts, annotations: a.migrationAnnotations(),
	}
	job, err := batchv1.NewJob(ctx, name+"-release", &batchv1.JobArgs{
		Metadata: metav1.ObjectMetaArgs{
			Namespace: a.Scope.Namespace, Labels: labels(w.app),
			Annotations: pulumi.StringMap{"pulumi.com/replaceUnready": pulumi.String("true")}, // the next up retries
		},
		Spec: batchv1.JobSpecArgs{
			BackoffLimit: pulumi.Int(2),
			// Pulumi stops waiting 30 s earlier, while the pod still exists and the reason can be read from it. A new
			// value updates the Job in place. Kubernetes ignores it once the Job has finished, so no migration runs again.
			ActiveDeadlineSeconds: pulumi.Int(a.Scope.Wait.Timeout + 30),
			Template:              w.podTemplate("Never", nil),
		},
	}, append(slices.Clone(opts), a.Scope.Wait.jobOptions())...)
	if err != nil {
		return nil, fmt.Errorf("migration job: %w", err)
	}
	return job, nil
}
