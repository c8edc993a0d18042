package site

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// The report's cluster, object by object.
func TestOnpremDeploysTheReport(t *testing.T) {
	e := shipped(t, "onprem").deployed(t)
	for _, c := range []struct {
		typ, name string
		want      map[string]any
	}{
		{poolType, "address-pool", map[string]any{
			"metadata.name": "address-pool", "metadata.namespace": "metallb-system", "spec.addresses": []string{"10.0.0.3-10.0.0.254"},
		}},
		{advertisementType, "recipe-lb", map[string]any{
			"metadata.name": "recipe-lb", "metadata.namespace": "metallb-system", "spec.ipAddressPools": []string{"address-pool"},
		}},
		{deploymentType, "redis", map[string]any{
			"spec.replicas": 1, "spec.template.spec.containers.0.ports.0.containerPort": 6379,
		}},
		{serviceType, "redis", map[string]any{
			"metadata.name": "redis", "spec.type": "ClusterIP", "spec.ports.0.port": 6379, "spec.ports.0.targetPort": "redis",
			"metadata.annotations": map[string]any{"pulumi.com/skipAwait": "true"},
		}},
		{deploymentType, "backend", map[string]any{
			"spec.replicas": 5, "spec.template.spec.containers.0.ports.0.containerPort": 5000,
		}},
		{serviceType, "backend", map[string]any{
			"spec.type": "LoadBalancer", "spec.ports.0.port": 5000, "spec.ports.0.targetPort": "http",
			"metadata.annotations": addressed("10.0.0.3"), "spec.loadBalancerIP": nil, "spec.externalTrafficPolicy": "Cluster",
		}},
		{deploymentType, "frontend", map[string]any{
			"spec.replicas": 1, "spec.template.spec.containers.0.ports.0.containerPort": 8080,
		}},
		{serviceType, "frontend", map[string]any{
			"spec.type": "LoadBalancer", "spec.ports.0.port": 80, "spec.ports.0.targetPort": "http",
			"metadata.annotations": addressed("10.0.0.4"), "spec.loadBalancerIP": nil, "spec.externalTrafficPolicy": "Cluster",
		}},
	} {
		t.Run(c.typ+" "+c.name, func(t *testing.T) {
			match(t, e.one(t, c.typ, c.name), c.want)
		})
	}
	if configMaps := e.all("kubernetes:core/v1:ConfigMap"); len(configMaps) > 0 {
		t.Errorf("a ConfigMap is registered: %s", configMaps[0].urn)
	}
}

func TestTiersCanSeeClientAddresses(t *testing.T) {
	e := shipped(t, "onprem").set("backend.externalTrafficPolicy", "Local").deployed(t)
	for tier, want := range map[string]any{"backend": "Local", "frontend": "Cluster", "redis": nil} {
		t.Run(tier, func(t *testing.T) {
			match(t, e.one(t, serviceType, tier), map[string]any{"spec.externalTrafficPolicy": want})
		})
	}
}

// In the API's pods, REDIS_HOST is the cluster IP of the Service. All other values come from the stack.
func TestBackendEnvironment(t *testing.T) {
	e := shipped(t, "onprem").deployed(t)
	api := e.one(t, deploymentType, "backend")
	got := environment(t, api)
	want := map[string]string{
		"ALLOWED_ORIGIN": "http://10.0.0.4",
		"DATABASE_HOST":  "10.0.0.2", "DATABASE_PORT": "5432", "DATABASE_NAME": "hankki", "DATABASE_USER": "hankki", "DATABASE_SSLMODE": "require",
		"REDIS_HOST": clusterIP("redis"), "REDIS_PORT": "6379", "REDIS_USERNAME": "api",
		"TRUSTED_PROXIES": "1",
	}
	secret := secretName(t, got["SECRET_KEY"])
	for _, key := range []string{"DATABASE_PASSWORD", "DATABASE_PASSWORD_FALLBACK", "REDIS_PASSWORD", "SECRET_KEY", "SECRET_KEY_FALLBACKS"} {
		want[key] = "secret " + secret + "/" + key
	}
	if !maps.Equal(got, want) {
		t.Errorf("the API's environment is\n%v, not\n%v", got, want)
	}
	want["RELEASE_REPORT"] = "/dev/termination-log"
	if migration := environment(t, e.one(t, jobType, "backend-release")); !maps.Equal(migration, want) {
		t.Errorf("the migration's environment is\n%v, not\n%v", migration, want)
	}
	if redis := e.one(t, serviceType, "redis"); !slices.Contains(api.dependencies, redis.urn) {
		t.Errorf("the API's Deployment does not depend on %s", redis.urn)
	}
}

// The API trusts Nginx's X-Forwarded-For only in the mode proxy, on a port that only Nginx may reach.
func TestBackendTrustsTheProxyOnlyBehindOne(t *testing.T) {
	for mode, open := range map[string]bool{"direct": false, "proxy": true} {
		t.Run(mode, func(t *testing.T) {
			e := shipped(t, "onprem").set("frontend.apiMode", mode).deployed(t)
			var believed []string
			for _, scrapeRule := range policyRules(t, e) {
				if strings.Contains(scrapeRule, "=> backend:5001") {
					believed = append(believed, scrapeRule)
				}
			}
			if want := map[bool][]string{true: {"frontend => backend:5001/TCP"}}[open]; !slices.Equal(believed, want) {
				t.Errorf("apiMode %s: the port where the proxy is believed is open by %q, not %q", mode, believed, want)
			}
			for _, service := range e.all(serviceType) {
				lan, believed := at(service.inputs, "spec.type") == "LoadBalancer", at(service.inputs, "spec.ports.0.targetPort") == "proxied"
				if lan && believed {
					t.Errorf("apiMode %s: %s lets the LAN reach the port that trusts X-Forwarded-For", mode, service.urn)
				}
			}
		})
	}
}

// Pulumi generates the name, which changes with the Secret's content.
func secretName(t *testing.T, reference string) string {
	t.Helper()
	name, _, found := strings.Cut(strings.TrimPrefix(reference, "secret "), "/")
	if !found || !strings.HasPrefix(name, "backend-") {
		t.Fatalf("%q is not a key of the backend's Secret", reference)
	}
	return name
}

func TestFrontendReachesTheAPI(t *testing.T) {
	for name, c := range map[string]struct {
		s    settings
		want map[string]string
	}{
		"direct":   {shipped(t, "onprem"), map[string]string{"API_MODE": "direct", "API_URL": "http://10.0.0.3:5000"}},
		"proxy":    {shipped(t, "dev"), map[string]string{"API_MODE": "proxy", "API_UPSTREAM": clusterIP("backend-proxied") + ":5001"}},
		"port 80":  {shipped(t, "onprem").set("backend.port", 80), map[string]string{"API_MODE": "direct", "API_URL": "http://10.0.0.3"}},
		"rendered": {shipped(t, "onprem").set("render.directory", "manifests"), map[string]string{"API_MODE": "direct", "API_URL": "http://10.0.0.3:5000"}},
		"rendered proxy": {shipped(t, "onprem").set("render.directory", "manifests").set("frontend.apiMode", "proxy"),
			map[string]string{"API_MODE": "proxy", "API_UPSTREAM": "backend-proxied.hankki.svc:5001"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := environment(t, c.s.deployed(t).one(t, deploymentType, "frontend")); !maps.Equal(got, c.want) {
				t.Errorf("the front end's environment is %v, not %v", got, c.want)
			}
		})
	}
}

// Rendered manifests have no cluster IP, so the Service's name is used.
func TestRenderedBackendFindsRedisByName(t *testing.T) {
	e := shipped(t, "onprem").set("render.directory", "manifests").deployed(t)
	if got := environment(t, e.one(t, deploymentType, "backend"))["REDIS_HOST"]; got != "redis.hankki.svc" {
		t.Errorf("REDIS_HOST is %s, not redis.hankki.svc", got)
	}
}

// dev deploys PostgreSQL, which the API reaches by the Service's address, and loads the sample recipes.
func TestDevDeploysPostgreSQL(t *testing.T) {
	e := shipped(t, "dev").deployed(t)
	match(t, e.one(t, deploymentType, "backend"), map[string]any{"spec.replicas": 2})
	got := environment(t, e.one(t, deploymentType, "backend"))
	if got["DATABASE_HOST"] != clusterIP("postgres") || got["DATABASE_SSLMODE"] != "disable" {
		t.Errorf("the API's database is %s with sslmode %s", got["DATABASE_HOST"], got["DATABASE_SSLMODE"])
	}
	for stack, want := range map[string][]any{"dev": {"flask", "release", "--sample-data"}, "onprem": {"flask", "release"}} {
		t.Run(stack, func(t *testing.T) {
			job := shipped(t, stack).deployed(t).one(t, jobType, "backend-release")
			if args, _ := at(job.inputs, "spec.template.spec.containers.0.args").([]any); !slices.Equal(args, want) {
				t.Errorf("the migration runs %v, not %v", args, want)
			}
		})
	}
}

func TestMetalLB(t *testing.T) {
	e := shipped(t, "onprem").deployed(t)
	match(t, e.one(t, chartType, "metallb"), map[string]any{
		"chart": "metallb", "version": "0.15.2", "repositoryOpts.repo": "https://metallb.github.io/metallb",
		"namespace": "metallb-system", "values.speaker.frr.enabled": false, "values.frrk8s.enabled": false,
		"values.speaker.resources.requests.memory": "64Mi", "values.speaker.resources.limits.memory": "256Mi",
		"values.controller.resources.requests.memory": "64Mi", "values.controller.resources.limits.memory": "256Mi",
		"values.speaker.securityContext.seccompProfile.type": "RuntimeDefault",
		"values.controller.securityContext":                  map[string]any{"runAsGroup": 65534, "seccompProfile": map[string]any{"type": "RuntimeDefault"}},
	})
	match(t, e.one(t, namespaceType, "metallb-system"), map[string]any{
		"metadata.labels": map[string]any{
			"app.kubernetes.io/managed-by": "pulumi", "app.kubernetes.io/part-of": "hankki",
			"pod-security.kubernetes.io/enforce": "privileged", "pod-security.kubernetes.io/warn": "privileged",
		},
	})
	match(t, shipped(t, "onprem").set("metallb.chart", map[string]any{"path": "charts/metallb"}).deployed(t).one(t, chartType, "metallb"),
		map[string]any{"chart": "charts/metallb", "version": nil, "repositoryOpts": nil})

	// If MetalLB already runs, only the addresses are configured.
	for key, value := range map[string]any{"metallb.manage": "pools", "metallb.install": false} {
		t.Run(key, func(t *testing.T) {
			s := shipped(t, "onprem").set(key, value)
			if key == "metallb.install" {
				delete(s.values["metallb"].(map[string]any), "manage")
			}
			e = s.deployed(t)
			if installed := append(e.all(chartType), e.all(namespaceType)...); len(installed) != 1 || installed[0].name != "hankki" {
				t.Errorf("%s %v makes more than the namespace of the tiers: %v", key, value, installed)
			}
			e.one(t, poolType, "address-pool")
			e.one(t, advertisementType, "recipe-lb")
		})
	}
}

// A Service that requests no address must not get one of the stack's.
func TestPoolHasNoAutoAssign(t *testing.T) {
	match(t, shipped(t, "onprem").deployed(t).one(t, poolType, "address-pool"), map[string]any{
		"spec": map[string]any{"addresses": []string{"10.0.0.3-10.0.0.254"}, "autoAssign": false, "avoidBuggyIPs": true},
	})
}

// With manage none, all objects are in the stack's namespace.
func TestManageNoneStaysInItsNamespace(t *testing.T) {
	e := shipped(t, "onprem").set("metallb", map[string]any{"manage": "none"}).deployed(t)
	for _, r := range e.all("") {
		if !strings.HasPrefix(r.typ, "kubernetes:") {
			continue
		}
		if namespace := at(r.inputs, "metadata.namespace"); namespace != "hankki" && r.typ != namespaceType || r.typ == namespaceType && r.name != "hankki" {
			t.Errorf("%s is made in namespace %v", r.urn, namespace)
		}
	}
	match(t, e.one(t, serviceType, "frontend"), map[string]any{"spec.type": "LoadBalancer", "metadata.annotations": addressed("10.0.0.4")})
}

func TestNamespace(t *testing.T) {
	match(t, shipped(t, "onprem").deployed(t).one(t, namespaceType, "hankki"), map[string]any{
		"metadata.name": "hankki",
		"metadata.labels": map[string]any{
			"app.kubernetes.io/managed-by": "pulumi", "app.kubernetes.io/part-of": "hankki",
			"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "restricted",
		},
	})
	// Kubernetes' default namespace is used, not created.
	e := shipped(t, "onprem").set("namespace", "default").deployed(t)
	for _, r := range e.all(namespaceType) {
		if r.name == "default" {
			t.Error("the namespace default is made, so destroy would try to remove it")
		}
	}
	match(t, e.one(t, deploymentType, "backend"), map[string]any{"metadata.namespace": "default"})
}

// addressed returns the annotations of a Service that requests a LAN address.
func addressed(ip string) map[string]any {
	return map[string]any{
		"metallb.io/loadBalancerIPs": ip, "pulumi.com/skipAwait": "true",
	}
}
