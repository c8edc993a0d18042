// Package config reads a stack's configuration into plain Go values, sets defaults and reports all errors at once. It
// creates no Pulumi resources and makes no network requests.
package config

import (
	"path"
	"strconv"
	"strings"
)

// Config is the configuration of one stack. It is complete and valid if Load returned no error.
type Config struct {
	Role            Role   // all (default), platform or site; the keys of the other part are rejected
	Sites           []Site // of other stacks; only with the role platform
	Namespace       string // Kubernetes namespace of the three tiers; default hankki; Pod Security is not enforced in "default"
	KubeContext     string // kubeconfig context; empty: the current one
	GenerateSecrets bool   // missing secrets are generated once and kept in the state; false: a missing secret is an error
	RolloutTimeout  int    // seconds for the pods of a Deployment to become ready, and for a migration to finish: 30 to 3600, default 600
	Registry        Registry
	Images          Images
	BaseImages      BaseImages
	MetalLB         MetalLB
	MetricsServer   MetricsServer
	Redis           Redis
	Database        Database
	Backup          Backup
	Backend         Backend
	Frontend        Frontend
	TLS             TLS
	Monitoring      Monitoring
	Secrets         Secrets
	References      References // of the key secrets: externally managed secrets, which replace those of Secrets
	Render          Render

	Command  Command  // set by LoadCommand
	Warnings []string // deprecated or questionable settings, one line each
	Engine   Engine   // set by LoadEngine
	Files    Files    // set by LoadFiles
	// External are the values of References by secret name, without the pull Secret's; set by preflight.
	External map[string]Secret
}

// Registry is where images are pushed to and the nodes pull them from.
type Registry struct {
	Server   string `mapstructure:"server"`   // host[:port], an IPv6 address in brackets; the same name for builder and nodes
	Prefix   string `mapstructure:"prefix"`   // path between server and image name; default hankki; may be empty
	Username string `mapstructure:"username"` // empty: anonymous; otherwise registryPassword or its reference is required
	Insecure bool   `mapstructure:"insecure"` // plain HTTP; builder and nodes must be configured separately
	CAFile   string `mapstructure:"caFile"`   // PEM file of a private certificate authority
}

// Repository returns the full name, without a tag, of one of the site's images in the stack's registry.
func (c *Config) Repository(image string) string {
	return path.Join(c.Registry.Server, c.Registry.Prefix, image)
}

// ImageNames are the images that are built, each from its folder in images/.
var ImageNames = []string{"redis", "backend", "frontend"}

// Builder builds images.
type Builder string

// Builders.
const (
	BuilderDocker   Builder = "docker"   // a Docker engine, by pulumi-docker
	BuilderBuildKit Builder = "buildkit" // a BuildKit daemon behind a buildx instance, by pulumi-docker-build
)

// Images configures how images are built.
type Images struct {
	Builder  Builder `mapstructure:"builder"`  // docker (default) or buildkit; changing it rebuilds all images
	Instance string  `mapstructure:"instance"` // buildkit: name of the buildx instance; default hankki
	Platform string  `mapstructure:"platform"` // os/arch of the nodes; default linux/amd64
	CAFile   string  `mapstructure:"caFile"`   // buildkit: PEM file that RUN steps get as the build secret "ca"
	Use      Use     `mapstructure:"use"`      // run these images; the zero value: build all
}

// BaseImages are full references with a tag or digest: the base images of the site's images, and images that run unchanged. The
// defaults are officialImages. Mirror, a registry with an optional path, replaces docker.io in those left at their default.
type BaseImages struct {
	Mirror   string `mapstructure:"mirror"`
	Python   string `mapstructure:"python"`
	Node     string `mapstructure:"node"`
	Nginx    string `mapstructure:"nginx"`
	Redis    string `mapstructure:"redis"`
	Postgres string `mapstructure:"postgres"`
	Rclone   string `mapstructure:"rclone"` // copies dumps to S3; runs only with backup.s3
	// Exporters run only if monitoring is enabled: two as sidecars, the blackbox exporter in its own pod and only with TLS.
	RedisExporter    string `mapstructure:"redisExporter"`
	NginxExporter    string `mapstructure:"nginxExporter"`
	BlackboxExporter string `mapstructure:"blackboxExporter"`
}

// Manage is the part of MetalLB that a stack manages.
type Manage string

// Values of metallb.manage.
const (
	ManageInstall Manage = "install" // MetalLB itself, a pool and an advertisement
	ManagePools   Manage = "pools"   // a pool and an advertisement for an existing MetalLB
	ManageNone    Manage = "none"    // nothing: the addresses come from the cluster's own pools
)

// MetalLB assigns LAN addresses to Services.
type MetalLB struct {
	Manage        Manage   `mapstructure:"manage"`        // install (default), pools or none
	Install       *bool    `mapstructure:"install"`       // deprecated: true means manage install, false means manage pools; nil: unset
	Namespace     string   `mapstructure:"namespace"`     // where MetalLB is or will be installed; default metallb-system
	Addresses     []string `mapstructure:"addresses"`     // ranges FROM-TO or prefixes; optional with manage none
	Pool          string   `mapstructure:"pool"`          // name of the IPAddressPool; default address-pool
	Advertisement string   `mapstructure:"advertisement"` // name of the L2Advertisement; default recipe-lb
	Chart         Chart    `mapstructure:"chart"`
}

// Chart is the source of a Helm chart. The defaults of each chart are in defaults.
type Chart struct {
	Repository string `mapstructure:"repository"` // URL of a Helm repository
	Version    string `mapstructure:"version"`    // one exact version in that repository
	Path       string `mapstructure:"path"`       // folder or .tgz file with the chart, instead of a repository
}

// MetricsServer measures CPU and memory of pods. A cluster needs only one.
type MetricsServer struct {
	Install            bool   `mapstructure:"install"`            // deploy it; default false
	KubeletInsecureTLS bool   `mapstructure:"kubeletInsecureTLS"` // trust self-signed kubelet certificates, kubeadm's default
	Chart              Chart  `mapstructure:"chart"`
	Tag                string `mapstructure:"tag"` // image tag; empty: the chart's default
}

// Redis stores sessions and caches.
type Redis struct {
	MaxMemory   string      `mapstructure:"maxMemory"` // as in redis.conf, with the unit mb or gb; default 128mb
	Persistence Persistence `mapstructure:"persistence"`
}

// MaxMemoryBytes returns MaxMemory in bytes, or 0 if it is not a number of at most six digits with the unit mb or gb of redis.conf.
func (r Redis) MaxMemoryBytes() int64 {
	for suffix, unit := range map[string]int64{"mb": 1 << 20, "gb": 1 << 30} {
		if number, found := strings.CutSuffix(r.MaxMemory, suffix); found && len(number) <= 6 {
			if n, err := strconv.ParseUint(number, 10, 32); err == nil {
				return int64(n) * unit
			}
		}
	}
	return 0
}

// Persistence stores Redis' data on a volume, so sessions outlive its pod.
type Persistence struct {
	Enabled bool `mapstructure:"enabled"` // default false
	Volume  `mapstructure:",squash"`
}

// Volume is a PersistentVolumeClaim, which outlives the pods and the stack.
type Volume struct {
	Size         string `mapstructure:"size"`         // a Kubernetes quantity of bytes; default 1Gi, of the backups' volume none
	StorageClass string `mapstructure:"storageClass"` // empty: the cluster's default
}

// Database is the PostgreSQL server, external unless Embedded.
type Database struct {
	Embedded bool    `mapstructure:"embedded"` // run PostgreSQL in the cluster, without host; default false
	Host     string  `mapstructure:"host"`     // name or address; required unless Embedded
	Port     int     `mapstructure:"port"`     // default 5432
	Name     string  `mapstructure:"name"`     // of the database; default hankki
	User     string  `mapstructure:"user"`     // owner of the tables; default hankki
	SSLMode  SSLMode `mapstructure:"sslMode"`  // libpq's sslmode; default require; the embedded server has no TLS
	// Certificates for verify-ca and verify-full, and for client authentication: in files, or in a Secret of the namespace
	// with the keys ca.crt and, for the client, tls.crt and tls.key.
	CAFile     string `mapstructure:"caFile"`   // PEM file of the certificate authorities of the server
	CertFile   string `mapstructure:"certFile"` // PEM chain of the client certificate; its key is the secret databaseKey
	SecretName string `mapstructure:"secretName"`
	Volume     Volume `mapstructure:"volume"` // of the embedded server
}

// Traffic is an externalTrafficPolicy: the pods that receive traffic for a LAN address.
type Traffic string

// Values of externalTrafficPolicy.
const (
	TrafficCluster Traffic = "Cluster" // all pods; they see a node's address instead of the client's
	TrafficLocal   Traffic = "Local"   // pods on the announcing node; they see the client's address
)

// Backend is the API.
type Backend struct {
	Replicas       int         `mapstructure:"replicas"`              // default 1
	Autoscaling    Autoscaling `mapstructure:"autoscaling"`           // replaces Replicas
	LoadBalancerIP string      `mapstructure:"loadBalancerIP"`        // LAN address, in metallb.addresses
	Port           int         `mapstructure:"port"`                  // port on that address; default 5000
	Traffic        Traffic     `mapstructure:"externalTrafficPolicy"` // Cluster (default) or Local
	AllowedOrigin  string      `mapstructure:"allowedOrigin"`         // the one CORS origin; default: the front end's address
	SampleData     bool        `mapstructure:"sampleData"`            // load the sample recipes with each migration; default false
}

// Autoscaling configures a HorizontalPodAutoscaler; it needs metrics-server in the cluster.
type Autoscaling struct {
	Enabled     bool `mapstructure:"enabled"`     // default false
	MinReplicas int  `mapstructure:"minReplicas"` // also the initial number of replicas; default 2
	MaxReplicas int  `mapstructure:"maxReplicas"` // default 10
	TargetCPU   int  `mapstructure:"targetCPU"`   // percent of the CPU requests of all pods: 1 to 1000, default 80
}

// APIMode is how the browser reaches the API.
type APIMode string

// Values of frontend.apiMode.
const (
	APIModeDirect APIMode = "direct" // the API's own address, a different origin, as in the report
	APIModeProxy  APIMode = "proxy"  // /api on the front end's address, proxied by Nginx
)

// Frontend is the web page.
type Frontend struct {
	Replicas       int     `mapstructure:"replicas"`              // default 1
	LoadBalancerIP string  `mapstructure:"loadBalancerIP"`        // LAN address, in metallb.addresses
	Port           int     `mapstructure:"port"`                  // port on that address; default 80
	Traffic        Traffic `mapstructure:"externalTrafficPolicy"` // Cluster (default) or Local
	APIMode        APIMode `mapstructure:"apiMode"`               // direct, or proxy (default)
}

// Monitoring makes Prometheus scrape the tiers, by objects of the Prometheus operator. The operator's CRDs must exist in the
// cluster.
type Monitoring struct {
	Enabled      bool   `mapstructure:"enabled"`
	Namespace    string `mapstructure:"namespace"` // namespace of Prometheus; default monitoring; only its pods may read metrics
	ReleaseLabel string `mapstructure:"release"`   // label "release" of monitors and rules, as kube-prometheus-stack selects them; may be empty
	// URLs for the stack's output `links`; each may be empty.
	GrafanaURL    string `mapstructure:"grafanaUrl"`
	PrometheusURL string `mapstructure:"prometheusUrl"`
	// RunbookURL is the URL of docs/operations.md without a fragment, for the annotation runbook_url of the alerts. Empty:
	// the alerts have no such annotation.
	RunbookURL string `mapstructure:"runbookUrl"`
}

// Render makes the engine write the manifests to a directory, if set, instead of applying them to a cluster.
type Render struct {
	Directory string `mapstructure:"directory"`
}
