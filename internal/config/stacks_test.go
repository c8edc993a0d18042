package config_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hankki/internal/config"
)

// The cluster of the report, value by value.
var report = config.Config{
	Role:           config.RoleAll,
	Namespace:      "hankki",
	RolloutTimeout: 600,
	Registry:       config.Registry{Server: "registry.example.com", Prefix: "hankki", Username: "hankki"},
	Images:         config.Images{Builder: "docker", Instance: "hankki", Platform: "linux/amd64"},
	BaseImages: config.BaseImages{
		Python:   "docker.io/library/python:3.11.11-slim-bookworm",
		Node:     "docker.io/library/node:22.14.0-bookworm-slim",
		Nginx:    "docker.io/library/nginx:1.28.0-bookworm",
		Redis:    "docker.io/library/redis:7.0.15-bookworm",
		Postgres: "docker.io/library/postgres:15.12-bookworm",
		Rclone:   "docker.io/rclone/rclone:1.76.0",

		RedisExporter:    "docker.io/oliver006/redis_exporter:v1.82.0",
		NginxExporter:    "docker.io/nginx/nginx-prometheus-exporter:1.5.1",
		BlackboxExporter: "docker.io/prom/blackbox-exporter:v0.28.0",
	},
	MetalLB: config.MetalLB{
		Manage: "install", Namespace: "metallb-system", Addresses: []string{"10.0.0.3-10.0.0.254"},
		Pool: "address-pool", Advertisement: "recipe-lb",
		Chart: config.Chart{Repository: "https://metallb.github.io/metallb", Version: "0.15.2"},
	},
	MetricsServer: config.MetricsServer{Chart: config.Chart{Repository: "https://kubernetes-sigs.github.io/metrics-server", Version: "3.13.0"}},

	Redis:    config.Redis{MaxMemory: "128mb", Persistence: config.Persistence{Volume: config.Volume{Size: "1Gi"}}},
	Database: config.Database{Host: "10.0.0.2", Port: 5432, Name: "hankki", User: "hankki", SSLMode: "require", Volume: config.Volume{Size: "1Gi"}},
	Backup:   config.Backup{Schedule: "17 3 * * *", TimeZone: "Etc/UTC", Keep: 14},
	Backend: config.Backend{
		Replicas: 5, LoadBalancerIP: "10.0.0.3", Port: 5000, Traffic: "Cluster", AllowedOrigin: "http://10.0.0.4",
		Autoscaling: config.Autoscaling{MinReplicas: 2, MaxReplicas: 10, TargetCPU: 80},
	},
	Frontend: config.Frontend{Replicas: 1, LoadBalancerIP: "10.0.0.4", Port: 80, Traffic: "Cluster", APIMode: "direct"},

	TLS:        config.TLS{Redirect: true},
	Monitoring: config.Monitoring{Namespace: "monitoring"},
	Secrets: config.Secrets{
		RegistryPassword: "registry-password", DatabasePassword: "database-password",
		RedisPassword: "redis-password", SigningKey: "signing-key-of-32-bytes-or-more-",
	},
}

func TestOnpremIsTheReport(t *testing.T) {
	got, want := reflect.ValueOf(*load(t, withSecrets(shipped(t, "onprem")))), reflect.ValueOf(report)
	for i := range want.NumField() {
		if g, w := got.Field(i).Interface(), want.Field(i).Interface(); !reflect.DeepEqual(g, w) {
			t.Errorf("%s is %+v, not %+v", want.Type().Field(i).Name, g, w)
		}
	}
}

func TestOnpremAcceptsASourceOfTheCertificate(t *testing.T) {
	c := load(t, withSecrets(shipped(t, "onprem")).set("tls.generate", true))
	if c.Backend.AllowedOrigin != "https://10.0.0.4" {
		t.Errorf("the origin is %s", c.Backend.AllowedOrigin)
	}
}

func TestOnpremDoesNotChangeSecrets(t *testing.T) {
	// DeepEqual above compares them too; this test reports which one differs, without printing it.
	s := load(t, withSecrets(shipped(t, "onprem"))).Secrets
	for name, got := range map[string]config.Secret{
		"registryPassword": s.RegistryPassword, "databasePassword": s.DatabasePassword,
		"redisPassword": s.RedisPassword, "signingKey": s.SigningKey,
	} {
		if got.Reveal() != secrets[name] {
			t.Errorf("%s differs from the configured value", name)
		}
	}
}

func TestOnpremWithoutSecretsReportsEachCommand(t *testing.T) {
	_, err := config.Load("onprem", shipped(t, "onprem"))
	lines := linesOf(err)
	if len(lines) != len(secrets) {
		t.Errorf("%d errors instead of %d:\n%v", len(lines), len(secrets), err)
	}
	for _, name := range sorted(secrets) {
		command := "`pulumi config set --secret hankki:" + name + " --stack onprem`"
		if !slices.ContainsFunc(lines, func(line string) bool { return names(line, name+" is missing", command) }) {
			t.Errorf("no line reports that %s is missing, with the command %s:\n%v", name, command, err)
		}
	}
}

func TestSecretInPlainTextIsRejected(t *testing.T) {
	for _, name := range sorted(secrets) {
		t.Run(name, func(t *testing.T) {
			s := withSecrets(shipped(t, "onprem"))
			s.secrets[name] = false
			_, err := config.Load("onprem", s)
			lines := linesOf(err)
			command := "`pulumi config set --secret hankki:" + name + " --stack onprem`"
			if len(lines) != 1 || !names(lines[0], name+" is in plain text", command) {
				t.Errorf("want one line about plain text that names %s, got:\n%v", command, err)
			}
			if err != nil && names(err.Error(), secrets[name]) {
				t.Errorf("the error prints the secret:\n%v", err)
			}
		})
	}
}

func TestDevNeedsNoSecret(t *testing.T) {
	c := load(t, shipped(t, "dev"))
	if !c.GenerateSecrets || c.Secrets != (config.Secrets{}) {
		t.Errorf("the secrets of dev are not generated")
	}
	if !c.Database.Embedded || c.Database.Host != "" {
		t.Errorf("dev's database is %+v, not one in the cluster", c.Database)
	}
	want := config.Backend{
		Replicas: 2, LoadBalancerIP: "10.0.0.3", Port: 5000, Traffic: "Cluster", AllowedOrigin: "http://10.0.0.4", SampleData: true,
		Autoscaling: config.Autoscaling{MinReplicas: 2, MaxReplicas: 10, TargetCPU: 80},
	}
	if c.Backend != want {
		t.Errorf("backend is %+v, not %+v", c.Backend, want)
	}
	if c.Frontend.APIMode != config.APIModeProxy {
		t.Errorf("frontend.apiMode is %q, not proxy", c.Frontend.APIMode)
	}
}

// The password of an external server is set on that server, so it cannot be generated.
func TestExternalSecretsAreNotGenerated(t *testing.T) {
	s := valid().set("generateSecrets", true)
	for name := range secrets {
		delete(s.values, name)
	}
	for _, name := range []string{"databasePassword", "registryPassword"} {
		lines := errorLines(t, s)
		if len(lines) != 2 || !slices.ContainsFunc(lines, func(line string) bool { return names(line, name+" is missing") }) {
			t.Errorf("want two lines, one about %s, got %q", name, lines)
		}
	}
}

func TestRenderingUsesPlaceholdersForSecrets(t *testing.T) {
	for _, s := range []settings{shipped(t, "onprem"), withSecrets(shipped(t, "onprem"))} {
		c := load(t, s.set("render.directory", "manifests"))
		for _, secret := range []config.Secret{
			c.Secrets.RegistryPassword, c.Secrets.DatabasePassword, c.Secrets.RedisPassword, c.Secrets.SigningKey,
		} {
			if !names(secret.Reveal(), "placeholder") {
				t.Error("a secret is not a placeholder in rendered manifests")
			}
		}
	}
}

// A placeholder that depends on the ciphertext stays, so manifests of a changed secret differ. Any other value is replaced.
func TestRenderingKeepsPlaceholdersOfCiphertexts(t *testing.T) {
	one, other := config.Placeholder("v1:a"), config.Placeholder("v1:b")
	if one == other || one != config.Placeholder("v1:a") || strings.Contains(one, "v1:a") {
		t.Fatalf("the placeholders are %q and %q", one, other)
	}
	for value, kept := range map[string]bool{one: true, one + "0": false, "tomato-" + one: false, "tomato": false} {
		s := valid().set("render.directory", "manifests")
		for _, name := range slices.Concat(sorted(secrets), sorted(fallbacks)) {
			s = s.set(name, value)
		}
		c := load(t, s)
		for name, secret := range map[string]config.Secret{
			"registryPassword": c.Secrets.RegistryPassword, "databasePassword": c.Secrets.DatabasePassword,
			"redisPassword": c.Secrets.RedisPassword, "signingKey": c.Secrets.SigningKey,
			"databasePasswordFallback": c.Secrets.DatabasePasswordFallback, "redisPasswordFallback": c.Secrets.RedisPasswordFallback,
			"signingKeyFallbacks": c.Secrets.SigningKeyFallbacks,
		} {
			if (secret.Reveal() == value) != kept || strings.Contains(secret.Reveal(), "tomato") {
				t.Errorf("%s of %q should be kept: %t; it is %q", name, value, kept, secret.Reveal())
			}
		}
	}
}

func TestRepository(t *testing.T) {
	for prefix, want := range map[string]string{
		"":      "registry.example.com:5000/backend",
		"a":     "registry.example.com:5000/a/backend",
		"a/b_c": "registry.example.com:5000/a/b_c/backend",
	} {
		t.Run(fmt.Sprintf("prefix %q", prefix), func(t *testing.T) {
			if got := load(t, valid().set("registry.prefix", prefix)).Repository("backend"); got != want {
				t.Errorf("prefix %q gives %s, not %s", prefix, got, want)
			}
		})
	}
}
