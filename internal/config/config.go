// Package config reads a stack's configuration into plain Go values, fills in defaults and says at once all that is
// wrong with it. It makes no Pulumi resource and asks nothing outside of the process.
package config

import (
	"path"
	"strconv"
	"strings"
)

// Config is what one stack says, complete and valid once Load returned no error.
type Config struct {
	Namespace       string // Kubernetes namespace of the three tiers; in "default", which is not ours, Pod Security is not enforced
	KubeContext     string // context of the kubeconfig; empty: its current one
	GenerateSecrets bool   // secrets not given are made once and kept in the state; otherwise a missing one is an error
	RolloutTimeout  int    // seconds that the pods of a Deployment have to become ready, and a migration to end
	Registry        Registry
	Images          Images
	BaseImages      BaseImages
	MetalLB         MetalLB
	MetricsServer   MetricsServer
	Redis           Redis
	Database        Database
	Backend         Backend
	Frontend        Frontend
	TLS             TLS
	Monitoring      Monitoring
	Secrets         Secrets
	References      References // of the key secrets: secrets that others keep, in place of those of Secrets
	Render          Render

	Command  Command  // by LoadCommand, not by Load
	Warnings []string // what works today but should be written differently; a line each
	Engine   Engine   // by LoadEngine, not by Load
	Files    Files    // by LoadFiles, not by Load
	// Kept are the values that References lead to, by the name of the secret; by preflight, not by Load.
	Kept map[string]Secret
}

// Registry is where the built images go and the nodes pull them from.
type Registry struct {
	Server   string `mapstructure:"server"`   // host[:port], one name that builder and nodes both reach
	Prefix   string `mapstructure:"prefix"`   // path between server and image name; may be empty
	Username string `mapstructure:"username"` // empty: anonymous; else registryPassword is needed
	Insecure bool   `mapstructure:"insecure"` // plain http, as builder and nodes must know by themselves
	CAFile   string `mapstructure:"caFile"`   // PEM file of a private certificate authority
}

// Repository is the full name, without a tag, of one of our images in the stack's registry.
func (c *Config) Repository(image string) string {
	return path.Join(c.Registry.Server, c.Registry.Prefix, image)
}

// ImageNames are the images that are built, each from its folder below images/.
var ImageNames = []string{"redis", "backend", "frontend"}

// Builders of images.
const (
	BuilderDocker   = "docker"   // a Docker engine, by pulumi-docker
	BuilderBuildKit = "buildkit" // a BuildKit daemon behind a buildx instance, by pulumi-docker-build
)

// Images says how images are built.
type Images struct {
	Builder  string `mapstructure:"builder"`  // docker or buildkit; a change builds all images again
	Instance string `mapstructure:"instance"` // buildkit: name of the buildx instance
	Platform string `mapstructure:"platform"` // os/arch of the nodes, e.g. linux/amd64
	CAFile   string `mapstructure:"caFile"`   // buildkit: PEM file that RUN steps may trust, given as the build secret "ca"
}

// BaseImages are the images that ours are built on and those that run as they are, by full reference. Mirror, if set,
// takes the place of the registry docker.io in those that are left at their default.
type BaseImages struct {
	Mirror   string `mapstructure:"mirror"`
	Python   string `mapstructure:"python"`
	Node     string `mapstructure:"node"`
	Nginx    string `mapstructure:"nginx"`
	Redis    string `mapstructure:"redis"`
	Postgres string `mapstructure:"postgres"`
	// Exporters run beside what they speak for, and only where monitoring is enabled.
	RedisExporter string `mapstructure:"redisExporter"`
	NginxExporter string `mapstructure:"nginxExporter"`
}

// How much of MetalLB a stack manages.
const (
	ManageInstall = "install" // MetalLB itself, a pool and an advertisement
	ManagePools   = "pools"   // a pool and an advertisement for a MetalLB that is there
	ManageNone    = "none"    // nothing: the cluster's own pools hold the addresses
)

// MetalLB gives addresses of the LAN to Services.
type MetalLB struct {
	Manage        string   `mapstructure:"manage"`        // install, pools or none
	Install       *bool    `mapstructure:"install"`       // deprecated: true is manage install, false is manage pools; nil: not given
	Namespace     string   `mapstructure:"namespace"`     // where it is installed
	Addresses     []string `mapstructure:"addresses"`     // ranges FROM-TO or prefixes; with manage none they may be left out
	Pool          string   `mapstructure:"pool"`          // name of the IPAddressPool
	Advertisement string   `mapstructure:"advertisement"` // name of the L2Advertisement
	Chart         Chart    `mapstructure:"chart"`
}

// Chart tells where a Helm chart comes from.
type Chart struct {
	Repository string `mapstructure:"repository"` // URL of a Helm repository
	Version    string `mapstructure:"version"`    // version in that repository
	Path       string `mapstructure:"path"`       // folder or .tgz file with the chart, instead of a repository
}

// MetricsServer measures what pods use; one serves the whole cluster, which may have it already.
type MetricsServer struct {
	Install            bool   `mapstructure:"install"`
	KubeletInsecureTLS bool   `mapstructure:"kubeletInsecureTLS"` // trust kubelets' self-signed certificates, as kubeadm makes them
	Chart              Chart  `mapstructure:"chart"`
	Tag                string `mapstructure:"tag"` // of its image; empty: the chart's own
}

// Redis holds sessions and caches.
type Redis struct {
	MaxMemory   string      `mapstructure:"maxMemory"` // as in redis.conf, e.g. 128mb
	Persistence Persistence `mapstructure:"persistence"`
}

// memoryUnits are redis.conf's.
var memoryUnits = map[string]int64{"mb": 1 << 20, "gb": 1 << 30}

// MaxMemoryBytes is MaxMemory as a number.
func (r Redis) MaxMemoryBytes() int64 {
	number := strings.TrimRight(r.MaxMemory, "mgb")
	n, _ := strconv.ParseInt(number, 10, 64) // validate has looked at it
	return n * memoryUnits[strings.TrimPrefix(r.MaxMemory, number)]
}

// Persistence keeps what Redis holds on a volume, so that sessions outlive its pod.
type Persistence struct {
	Enabled bool `mapstructure:"enabled"`
	Volume  `mapstructure:",squash"`
}

// Volume outlives the pods that write to it, and ends with the stack.
type Volume struct {
	Size         string `mapstructure:"size"`         // e.g. 1Gi
	StorageClass string `mapstructure:"storageClass"` // empty: the cluster's default
}

// Database is the PostgreSQL server, outside of the cluster unless Embedded.
type Database struct {
	Embedded bool   `mapstructure:"embedded"` // run one in the cluster; host is not given then
	Host     string `mapstructure:"host"`
	Port     int    `mapstructure:"port"`
	Name     string `mapstructure:"name"`
	User     string `mapstructure:"user"`
	SSLMode  string `mapstructure:"sslMode"` // as in libpq: disable, allow, prefer, require, verify-ca or verify-full
	// What verify-ca and verify-full check the server by, and what the server may check us by; in files, or in a Secret of
	// the namespace with the keys ca.crt and, for the client, tls.crt and tls.key.
	CAFile     string `mapstructure:"caFile"`   // PEM file of the authorities that may have signed the server's certificate
	CertFile   string `mapstructure:"certFile"` // PEM chain of the client; its key is the secret databaseKey
	SecretName string `mapstructure:"secretName"`
	Volume     Volume `mapstructure:"volume"` // of the embedded one
}

// Who answers what comes to a node for an address on the LAN, as Kubernetes' externalTrafficPolicy has it.
const (
	TrafficCluster = "Cluster" // all pods, which see a node's address in place of the client's
	TrafficLocal   = "Local"   // the pods on the node that announces the address, which see the client's
)

// Backend is the API.
type Backend struct {
	Replicas       int         `mapstructure:"replicas"`
	Autoscaling    Autoscaling `mapstructure:"autoscaling"`           // in place of Replicas
	LoadBalancerIP string      `mapstructure:"loadBalancerIP"`        // address on the LAN, out of metallb.addresses
	Port           int         `mapstructure:"port"`                  // on that address
	Traffic        string      `mapstructure:"externalTrafficPolicy"` // Cluster or Local
	AllowedOrigin  string      `mapstructure:"allowedOrigin"`         // the one CORS origin; default: the front end's address
	SampleData     bool        `mapstructure:"sampleData"`            // load the sample recipes with each migration
}

// Autoscaling lets the cluster choose the number of replicas; it needs a metrics-server in the cluster.
type Autoscaling struct {
	Enabled     bool `mapstructure:"enabled"`
	MinReplicas int  `mapstructure:"minReplicas"` // also where a new stack begins
	MaxReplicas int  `mapstructure:"maxReplicas"`
	TargetCPU   int  `mapstructure:"targetCPU"` // percent of what a pod asks for, over all pods
}

// Ways for the browser to reach the API.
const (
	APIModeDirect = "direct" // the API's own address, another origin, as in the report
	APIModeProxy  = "proxy"  // /api on the front end's address, passed on by Nginx
)

// Frontend is the web site.
type Frontend struct {
	Replicas       int    `mapstructure:"replicas"`
	LoadBalancerIP string `mapstructure:"loadBalancerIP"`        // address on the LAN, out of metallb.addresses
	Port           int    `mapstructure:"port"`                  // on that address
	Traffic        string `mapstructure:"externalTrafficPolicy"` // Cluster or Local
	APIMode        string `mapstructure:"apiMode"`               // direct or proxy
}

// Monitoring has Prometheus read the tiers, by the Prometheus operator's objects, whose kinds the cluster must know.
type Monitoring struct {
	Enabled      bool   `mapstructure:"enabled"`
	Namespace    string `mapstructure:"namespace"` // where Prometheus runs; only its pods may read metrics
	ReleaseLabel string `mapstructure:"release"`   // label "release" of monitors and rules, as kube-prometheus-stack selects them; may be empty
	// Where people find what it shows, for the stack's output `links`; each may be empty.
	GrafanaURL    string `mapstructure:"grafanaUrl"`
	PrometheusURL string `mapstructure:"prometheusUrl"`
	// RunbookURL is the URL of docs/operations.md without a fragment, for the annotation runbook_url of the alerts. Empty: the
	// alerts have no such annotation.
	RunbookURL string `mapstructure:"runbookUrl"`
}

// Render has the engine write the manifests to a directory, if one is given, instead of talking to a cluster.
type Render struct {
	Directory string `mapstructure:"directory"`
}
