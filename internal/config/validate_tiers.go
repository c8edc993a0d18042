package config

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"

	"hankki/internal/metallb"
	"hankki/internal/plural"
)

func (r Redis) validate(p *problems) {
	p.check(r.MaxMemoryBytes() > 0, "redis.maxMemory %q is not a size: write it like 128mb or 2gb", r.MaxMemory)
	if !r.Persistence.Enabled {
		return
	}
	if size, readable := r.Persistence.validate(p, "redis.persistence"); readable {
		// Redis rewrites its append-only file when it has doubled in size, and keeps the old file until the new one is
		// complete.
		p.check(size.CmpInt64(3*r.MaxMemoryBytes()) >= 0,
			"redis.persistence.size %s is too small for redis.maxMemory %s: set at least three times as much", r.Persistence.Size, r.MaxMemory)
	}
}

// validate returns the size, if it is valid.
func (v Volume) validate(p *problems, key string) (size resource.Quantity, readable bool) {
	size, err := resource.ParseQuantity(v.Size)
	readable = err == nil && size.Sign() > 0
	p.check(readable, "%s.size %q is not a size: write it like 1Gi", key, v.Size)
	p.check(v.StorageClass == "" || isName(v.StorageClass), "%s.storageClass %q is not a valid name: see `kubectl get storageclass`", key, v.StorageClass)
	return size, readable
}

func (d Database) validate(p *problems) {
	if d.Embedded {
		p.check(d.Host == "", "database.host %q and database.embedded true exclude each other: remove one", d.Host)
		d.Volume.validate(p, "database.volume")
	} else {
		p.check(isServerName(d.Host), "database.host %q is not a host name or address: name the PostgreSQL server, or set database.embedded true", d.Host)
	}
	p.port("database.port", d.Port)
	p.check(d.Name != "", "database.name is missing")
	p.check(d.User != "", "database.user is missing")
	oneOf(p, "database.sslMode", d.SSLMode, SSLDisable, SSLAllow, SSLPrefer, SSLRequire, SSLVerifyCA, SSLVerifyFull)
	d.validateCertificates(p)
}

// defaultPorts are omitted by browsers in an Origin header.
var defaultPorts = map[string]string{"http": "80", "https": "443"}

func (b Backend) validate(p *problems) {
	p.replicas("backend.replicas", b.Replicas)
	p.port("backend.port", b.Port)
	oneOf(p, "backend.externalTrafficPolicy", b.Traffic, TrafficCluster, TrafficLocal)
	if b.Autoscaling.Enabled {
		b.Autoscaling.validate(p)
	}
	if b.AllowedOrigin == "" {
		return // the invalid address is reported itself
	}
	origin, err := url.Parse(b.AllowedOrigin)
	valid := err == nil && defaultPorts[origin.Scheme] != "" && origin.Hostname() != "" && !isFalseAddress(origin.Hostname()) &&
		origin.Port() != defaultPorts[origin.Scheme] && metallb.Canonical(origin.Hostname()) == origin.Hostname() && b.AllowedOrigin == strings.ToLower(origin.Scheme+"://"+origin.Host)
	p.check(valid, "backend.allowedOrigin %q is not an origin as a browser sends it: write scheme://host[:port] in lower case, without the default port and without a path", b.AllowedOrigin)
}

func (a Autoscaling) validate(p *problems) {
	p.replicas("backend.autoscaling.minReplicas", a.MinReplicas)
	p.check(a.MaxReplicas >= a.MinReplicas, "backend.autoscaling.maxReplicas %d is below backend.autoscaling.minReplicas %d", a.MaxReplicas, a.MinReplicas)
	// A pod without a CPU limit may use several times its request.
	p.check(a.TargetCPU >= 1 && a.TargetCPU <= 1000, "backend.autoscaling.targetCPU %d is out of range: 1 to 1000 percent of a pod's CPU request", a.TargetCPU)
}

func (f Frontend) validate(p *problems) {
	p.replicas("frontend.replicas", f.Replicas)
	p.port("frontend.port", f.Port)
	p.browserPort("frontend.port", f.Port, "")
	oneOf(p, "frontend.externalTrafficPolicy", f.Traffic, TrafficCluster, TrafficLocal)
	oneOf(p, "frontend.apiMode", f.APIMode, APIModeDirect, APIModeProxy)
}

func (m Monitoring) validate(p *problems) {
	p.check(isLabel(m.Namespace), "monitoring.namespace %q is not a valid name: name the namespace that Prometheus runs in", m.Namespace)
	p.url("monitoring.grafanaUrl", m.GrafanaURL)
	p.url("monitoring.prometheusUrl", m.PrometheusURL)
	p.url("monitoring.runbookUrl", m.RunbookURL)
	_, fragment, found := strings.Cut(m.RunbookURL, "#")
	p.check(!found, "monitoring.runbookUrl %q has a fragment: remove %q, each alert adds its own", m.RunbookURL, "#"+fragment)
	p.check(m.ReleaseLabel == "" || len(validation.IsValidLabelValue(m.ReleaseLabel)) == 0, "monitoring.release %q can't be a label: use at most 63 letters, digits and - _ .", m.ReleaseLabel)
}

// validate never includes a secret in a message.
func (s Secrets) validate(p *problems) {
	if n := utf8.RuneCountInString(string(s.SigningKey)); n > 0 {
		p.check(n >= minSigningKey, "signingKey has %s: at least %d are needed, e.g. from `openssl rand -hex 32`", plural.Of(n, "character"), minSigningKey)
	}
	for i, key := range strings.Fields(string(s.SigningKeyFallbacks)) {
		n := utf8.RuneCountInString(key)
		p.check(n >= minSigningKey, "signingKeyFallbacks has %s at place %d: give whole keys of at least %d, separated by spaces", plural.Of(n, "character"), i+1, minSigningKey)
	}
}
