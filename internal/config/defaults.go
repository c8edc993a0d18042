package config

import (
	"cmp"
	"strings"

	"hankki/internal/metallb"
)

// dockerHub is the registry that baseImages.mirror replaces.
const dockerHub = "docker.io"

// defaults returns the default values, except of base images (see derive).
func defaults() *Config {
	return &Config{
		Role:           RoleAll,
		Namespace:      "hankki",
		RolloutTimeout: 600, // Pulumi's own default, in seconds
		Registry:       Registry{Prefix: "hankki"},
		Images:         Images{Builder: BuilderDocker, Instance: "hankki", Platform: "linux/amd64"},
		MetalLB: MetalLB{
			Namespace:     "metallb-system",
			Pool:          "address-pool",
			Advertisement: "recipe-lb",
			Chart:         Chart{Repository: "https://metallb.github.io/metallb", Version: "0.15.2"},
		},
		MetricsServer: MetricsServer{Chart: Chart{Repository: "https://kubernetes-sigs.github.io/metrics-server", Version: "3.13.0"}},

		Redis:    Redis{MaxMemory: "128mb", Persistence: Persistence{Volume: Volume{Size: "1Gi"}}},
		Database: Database{Port: 5432, Name: "hankki", User: "hankki", SSLMode: "require", Volume: Volume{Size: "1Gi"}},
		Backup:   Backup{Schedule: "17 3 * * *", TimeZone: "Etc/UTC", Keep: 14},
		Backend:  Backend{Replicas: 1, Port: 5000, Traffic: TrafficCluster, Autoscaling: Autoscaling{MinReplicas: 2, MaxReplicas: 10, TargetCPU: 80}},
		Frontend: Frontend{Replicas: 1, Port: 80, Traffic: TrafficCluster, APIMode: APIModeProxy},

		TLS:        TLS{Redirect: true},
		Monitoring: Monitoring{Namespace: "monitoring"},
	}
}

// officialImages are the default base images, by exact version.
func officialImages() BaseImages {
	return BaseImages{
		Python:   dockerHub + "/library/python:3.11.11-slim-bookworm",
		Node:     dockerHub + "/library/node:22.14.0-bookworm-slim",
		Nginx:    dockerHub + "/library/nginx:1.28.0-bookworm",
		Redis:    dockerHub + "/library/redis:7.0.15-bookworm",
		Postgres: dockerHub + "/library/postgres:15.12-bookworm",
		Rclone:   dockerHub + "/rclone/rclone:1.76.0",

		RedisExporter:    dockerHub + "/oliver006/redis_exporter:v1.82.0",
		NginxExporter:    dockerHub + "/nginx/nginx-prometheus-exporter:1.5.1",
		BlackboxExporter: dockerHub + "/prom/blackbox-exporter:v0.28.0",
	}
}

// completed adds the default images, from the mirror if there is one. An image that the stack sets is not changed, even if
// it is the official one.
func (b BaseImages) completed() BaseImages {
	defaults := officialImages()
	official, registry := defaults.all(), cmp.Or(b.Mirror, dockerHub)
	for i, image := range b.all() {
		if *image.reference == "" {
			*image.reference = registry + strings.TrimPrefix(*official[i].reference, dockerHub)
		}
	}
	return b
}

// baseImage is one field of BaseImages.
type baseImage struct {
	key       string // below baseImages
	reference *string
}

// all lists the images.
func (b *BaseImages) all() []baseImage {
	return []baseImage{
		{"python", &b.Python}, {"node", &b.Node}, {"nginx", &b.Nginx}, {"redis", &b.Redis}, {"postgres", &b.Postgres}, {"rclone", &b.Rclone},
		{"redisExporter", &b.RedisExporter}, {"nginxExporter", &b.NginxExporter}, {"blackboxExporter", &b.BlackboxExporter},
	}
}

// derive sets values that follow from other keys.
func (c *Config) derive() {
	c.BaseImages = c.BaseImages.completed()
	c.Registry.Server = CanonicalServer(c.Registry.Server)
	c.deriveSites()
	c.deriveManage()
	c.Backend.LoadBalancerIP = metallb.Canonical(c.Backend.LoadBalancerIP)
	c.Frontend.LoadBalancerIP = metallb.Canonical(c.Frontend.LoadBalancerIP)
	c.deriveTLS()
	c.Backup.S3 = c.Backup.S3.completed()
	c.Warnings = append(c.Warnings, c.Backup.warnings()...)
	if c.Backend.AllowedOrigin == "" {
		c.Backend.AllowedOrigin = c.origin()
	}
}
