package config

import (
	"strings"

	"hankki/internal/metallb"
)

// dockerHub is the registry whose place baseImages.mirror takes.
const dockerHub = "docker.io"

// defaults holds what a stack need not say. The base images are the official ones, by exact version.
func defaults() *Config {
	return &Config{
		Namespace:      "hankki",
		RolloutTimeout: 600, // Pulumi's own default
		Registry:       Registry{Prefix: "hankki"},
		Images:         Images{Builder: BuilderDocker, Instance: "hankki", Platform: "linux/amd64"},
		BaseImages: BaseImages{
			Python:   dockerHub + "/library/python:3.11.11-slim-bookworm",
			Node:     dockerHub + "/library/node:22.14.0-bookworm-slim",
			Nginx:    dockerHub + "/library/nginx:1.28.0-bookworm",
			Redis:    dockerHub + "/library/redis:7.0.15-bookworm",
			Postgres: dockerHub + "/library/postgres:15.12-bookworm",

			RedisExporter: dockerHub + "/oliver006/redis_exporter:v1.82.0",
			NginxExporter: dockerHub + "/nginx/nginx-prometheus-exporter:1.5.1",
		},
		MetalLB: MetalLB{
			Namespace:     "metallb-system",
			Pool:          "address-pool",
			Advertisement: "recipe-lb",
			Chart:         Chart{Repository: "https://metallb.github.io/metallb", Version: "0.15.2"},
		},
		MetricsServer: MetricsServer{Chart: Chart{Repository: "https://kubernetes-sigs.github.io/metrics-server", Version: "3.13.0"}},

		Redis:    Redis{MaxMemory: "128mb", Persistence: Persistence{Volume: Volume{Size: "1Gi"}}},
		Database: Database{Port: 5432, Name: "hankki", User: "hankki", SSLMode: "require", Volume: Volume{Size: "1Gi"}},
		Backend:  Backend{Replicas: 1, Port: 5000, Traffic: TrafficCluster, Autoscaling: Autoscaling{MinReplicas: 2, MaxReplicas: 10, TargetCPU: 80}},
		Frontend: Frontend{Replicas: 1, Port: 80, Traffic: TrafficCluster, APIMode: APIModeProxy},

		TLS:        TLS{Redirect: true},
		Monitoring: Monitoring{Namespace: "monitoring"},
	}
}

// derive fills in what follows from other keys.
func (c *Config) derive() {
	if c.BaseImages.Mirror != "" {
		official := defaults().BaseImages
		for image, name := range map[*string]string{
			&c.BaseImages.Python: official.Python, &c.BaseImages.Node: official.Node, &c.BaseImages.Nginx: official.Nginx,
			&c.BaseImages.Redis: official.Redis, &c.BaseImages.Postgres: official.Postgres,
			&c.BaseImages.RedisExporter: official.RedisExporter, &c.BaseImages.NginxExporter: official.NginxExporter,
		} {
			if *image == name {
				*image = c.BaseImages.Mirror + strings.TrimPrefix(name, dockerHub)
			}
		}
	}
	c.deriveManage()
	c.Backend.LoadBalancerIP = metallb.Canonical(c.Backend.LoadBalancerIP)
	c.Frontend.LoadBalancerIP = metallb.Canonical(c.Frontend.LoadBalancerIP)
	c.deriveTLS()
	if c.Backend.AllowedOrigin == "" {
		c.Backend.AllowedOrigin = c.origin()
	}
}
