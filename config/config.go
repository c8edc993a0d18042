// Package config reads a stack's configuration into plain Go values, fills in defaults and says at once all that is
// wrong with it. It makes no Pulumi resource and asks nothing outside of the process.
package config

import "path"

// Config is what one stack says, complete and valid once Load returned no error.
type Config struct {
	Namespace       string // Kubernetes namespace of the three tiers; MetalLB has its own
	KubeContext     string // context of the kubeconfig; empty: its current one
	GenerateSecrets bool   // secrets not given are made once and kept in the state; otherwise a missing one is an error
	Registry        Registry
	Images          Images
	BaseImages      BaseImages
	MetalLB         MetalLB
	Redis           Redis
	Database        Database
	Backend         Backend
	Frontend        Frontend
	Secrets         Secrets
	Render          Render
}

// Registry is where the built images go and the nodes pull them from.
type Registry struct {
	Server   string `mapstructure:"server"`   // host[:port], one name that builder and nodes both reach
	Prefix   string `mapstructure:"prefix"`   // path between server and image name; may be empty
	Username string `mapstructure:"username"` // empty: anonymous; else registryPassword is needed
	Insecure bool   `mapstructure:"insecure"` // plain http
	CAFile   string `mapstructure:"caFile"`   // PEM file of a private certificate authority
}

// Repository is the full name, without a tag, of one of our images in the stack's registry.
func (c *Config) Repository(image string) string {
	return path.Join(c.Registry.Server, c.Registry.Prefix, image)
}

// Builders of images.
const (
	BuilderDocker   = "docker"   // a Docker engine, by pulumi-docker
	BuilderBuildKit = "buildkit" // a BuildKit daemon behind a buildx instance, by pulumi-docker-build
)

// Images says how images are built.
type Images struct {
	Builder  string `mapstructure:"builder"`  // docker or buildkit; a stack keeps the one it began with
	Instance string `mapstructure:"instance"` // buildkit: name of the buildx instance
	Platform string `mapstructure:"platform"` // os/arch, e.g. linux/amd64
	CAFile   string `mapstructure:"caFile"`   // buildkit: PEM file that RUN steps may trust, given as the build secret "ca"
}

// BaseImages are the images that ours are built on, by full reference. Mirror, if set, takes the place of the
// registry docker.io in those that are left at their default.
type BaseImages struct {
	Mirror   string `mapstructure:"mirror"`
	Python   string `mapstructure:"python"`
	Node     string `mapstructure:"node"`
	Nginx    string `mapstructure:"nginx"`
	Redis    string `mapstructure:"redis"`
	Postgres string `mapstructure:"postgres"`
}

// MetalLB gives addresses of the LAN to Services.
type MetalLB struct {
	Install       bool     `mapstructure:"install"`       // false: it already runs, only pool and advertisement are made
	Namespace     string   `mapstructure:"namespace"`     // where it is installed
	Addresses     []string `mapstructure:"addresses"`     // ranges FROM-TO or prefixes
	Pool          string   `mapstructure:"pool"`          // name of the IPAddressPool
	Advertisement string   `mapstructure:"advertisement"` // name of the L2Advertisement
	Chart         Chart    `mapstructure:"chart"`
}

// Chart tells where MetalLB's Helm chart comes from.
type Chart struct {
	Repository string `mapstructure:"repository"` // URL of a Helm repository
	Version    string `mapstructure:"version"`    // version in that repository
	Path       string `mapstructure:"path"`       // folder with the chart, instead of a repository
}

// Redis holds sessions and caches.
type Redis struct {
	MaxMemory string `mapstructure:"maxMemory"` // as in redis.conf, e.g. 128mb
}

// Database is the PostgreSQL server, outside of the cluster unless Embedded.
type Database struct {
	Embedded bool   `mapstructure:"embedded"` // run one in the cluster; host is not given then
	Host     string `mapstructure:"host"`
	Port     int    `mapstructure:"port"`
	Name     string `mapstructure:"name"`
	User     string `mapstructure:"user"`
	SSLMode  string `mapstructure:"sslMode"` // as in libpq
}

// Backend is the API.
type Backend struct {
	Replicas       int    `mapstructure:"replicas"`
	LoadBalancerIP string `mapstructure:"loadBalancerIP"` // address on the LAN, out of metallb.addresses
	Port           int    `mapstructure:"port"`           // on that address
	AllowedOrigin  string `mapstructure:"allowedOrigin"`  // the one CORS origin; default: the front end's address
	SampleData     bool   `mapstructure:"sampleData"`     // load the sample recipes with each release
}

// Ways for the browser to reach the API.
const (
	APIModeDirect = "direct" // the API's own address, another origin, as in the report
	APIModeProxy  = "proxy"  // /api on the front end's address, passed on by Nginx
)

// Frontend is the web site.
type Frontend struct {
	Replicas       int    `mapstructure:"replicas"`
	LoadBalancerIP string `mapstructure:"loadBalancerIP"` // address on the LAN, out of metallb.addresses
	Port           int    `mapstructure:"port"`           // on that address
	APIMode        string `mapstructure:"apiMode"`        // direct or proxy
}

// Render, with a directory, makes the engine write the manifests there instead of talking to a cluster.
type Render struct {
	Directory string `mapstructure:"directory"`
}
