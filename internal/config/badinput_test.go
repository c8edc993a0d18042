package config_test

import (
	"slices"
	"strings"
	"testing"
)

// Each mistake gives one line with the key, the value and the solution.
var mistakes = []struct {
	path     string
	value    any
	messages []string
}{
	{"namespce", "shop", []string{"namespce is unknown", "namespace", "signingKeyFallbacks"}},
	{"signingKeyFallback", "shop", []string{"signingKeyFallback is unknown", "signingKeyFallbacks"}},
	{"namespace", "Hankki", []string{"namespace", `"Hankki"`, "lower-case"}},
	{"generateSecrets", "yes", []string{"generateSecrets", `"yes"`, "true"}},
	{"registry.server", "", []string{"registry.server is missing", "registry.example.com:5000"}},
	{"registry.server", "https://r.example.com", []string{"registry.server", `"https://r.example.com"`, "host[:port]"}},
	{"registry.server", "r.example.com/hankki", []string{"registry.server", `"r.example.com/hankki"`, "remove scheme and path"}},
	{"registry.server", "r.example.com:99999", []string{"registry.server", `"r.example.com:99999"`, "host[:port]"}},
	{"registry.server", "fd00::2", []string{"registry.server", `"fd00::2"`, "brackets"}},
	{"registry.server", "[fd00::2]:99999", []string{"registry.server", `"[fd00::2]:99999"`, "host[:port]"}},
	{"registry.server", "[::ffff:10.0.0.2]:5000", []string{"registry.server", `"[::ffff:10.0.0.2]:5000"`, "host[:port]"}},
	{"registry.server", "kitchen", []string{"registry.server", `"kitchen"`, "Docker Hub"}}, // for Docker this is a path on Docker Hub
	{"registry.prefix", "Hankki", []string{"registry.prefix", `"Hankki"`, "lower-case"}},
	{"registry.usrname", "cook", []string{"registry.usrname", "username"}},
	{"images.builder", "podman", []string{"images.builder", `"podman"`, "docker, buildkit"}},
	{"images.platform", "amd64", []string{"images.platform", `"amd64"`, "linux/amd64"}},
	{"images.caFile", "ca.pem", []string{"images.caFile", `"ca.pem"`, "buildkit"}},
	{"baseImages.python", "docker.io/library/python", []string{"baseImages.python", `"docker.io/library/python"`, "pin it"}},
	{"baseImages.node", "docker.io/library/Node:20", []string{"baseImages.node", `"docker.io/library/Node:20"`, "is not an image"}},
	{"baseImages.redis", "localhost:5000/redis", []string{"baseImages.redis", `"localhost:5000/redis"`, "pin it"}},
	{"metallb.addresses", []any{}, []string{"metallb.addresses is missing", "10.0.0.3-10.0.0.254"}},
	{"metallb.addresses", []any{"10.0.0.3-10.0.0.254", "10.0.1.9-10.0.1.3"}, []string{"metallb.addresses", `"10.0.1.9-10.0.1.3"`, "10.0.0.0/28"}},
	{"metallb.addresses", []any{"10.0.0.3 to .254"}, []string{"metallb.addresses", `"10.0.0.3 to .254"`, "10.0.0.0/28"}},
	{"metallb.pool", "Pool", []string{"metallb.pool", `"Pool"`, "lower-case"}},
	{"metallb.advertisement", "", []string{"metallb.advertisement", `""`, "lower-case"}},
	{"metallb.chart.version", "", []string{"metallb.chart", `version ""`, "path"}},
	{"metallb.chart.versio", "0.15.2", []string{"metallb.chart.versio is", "version"}},
	{"metricsServer", map[string]any{"install": true, "chart": map[string]any{"version": ""}}, []string{"metricsServer.chart", `version ""`, "path"}},
	{"rolloutTimeout", 10, []string{"rolloutTimeout 10", "30 to 3600 seconds"}},
	{"monitoring", map[string]any{"grafanaUrl": "grafana.example.com"}, []string{"monitoring.grafanaUrl", `"grafana.example.com"`, "https://host"}},
	{"monitoring", map[string]any{"runbookUrl": "docs/operations.md"}, []string{"monitoring.runbookUrl", `"docs/operations.md"`, "https://host"}},
	{"monitoring", map[string]any{"runbookUrl": "https://git.example.com/operations.md#alerts"}, []string{"monitoring.runbookUrl", `"https://git.example.com/operations.md#alerts"`, "#alerts"}},
	{"redis.maxMemory", "128", []string{"redis.maxMemory", `"128"`, "128mb"}},
	{"redis.maxMemory", "64kb", []string{"redis.maxMemory", `"64kb"`, "128mb"}},
	{"redis.maxMemory", "0mb", []string{"redis.maxMemory", `"0mb"`, "128mb"}},
	{"redis.maxMemory", "-1gb", []string{"redis.maxMemory", `"-1gb"`, "128mb"}},
	{"redis.maxMemory", "1000000gb", []string{"redis.maxMemory", `"1000000gb"`, "128mb"}},
	{"redis.persistence", map[string]any{"enabled": true, "size": "one"}, []string{"redis.persistence.size", `"one"`, "1Gi"}},
	{"redis.persistence", map[string]any{"enabled": true, "size": "100Mi"}, []string{"redis.persistence.size 100Mi", "redis.maxMemory 128mb", "three times"}},
	{"redis.persistence", map[string]any{"enabled": true, "storageClass": "Fast"}, []string{"redis.persistence.storageClass", `"Fast"`, "kubectl get storageclass"}},
	{"redis.persistence.on", true, []string{"redis.persistence.on is", "enabled"}},
	{"database.host", "", []string{"database.host", `""`, "database.embedded"}},
	{"database.embedded", true, []string{"database.embedded", `"postgres.example.com"`, "remove one"}},
	{"database", map[string]any{"embedded": true, "volume": map[string]any{"size": "0"}}, []string{"database.volume.size", `"0"`, "1Gi"}},
	{"database", map[string]any{"embedded": true, "volume": map[string]any{"storageClass": "Fast"}}, []string{"database.volume.storageClass", `"Fast"`, "kubectl get storageclass"}},
	{"database.volume.path", "/data", []string{"database.volume.path is", "storageClass"}},
	{"database.port", 0, []string{"database.port", "0", "1 to 65535"}},
	{"database.name", "", []string{"database.name is missing"}},
	{"database.user", "", []string{"database.user is missing"}},
	{"database.sslMode", "on", []string{"database.sslMode", `"on"`, "disable, allow, prefer, require"}},
	{"database.sslMode", "verify-ca", []string{"database.sslMode", `"verify-ca"`, "authority", "database.caFile", "database.secretName"}},
	{"database.sslMode", "verify-full", []string{"database.sslMode", `"verify-full"`, "authority", "database.caFile", "database.secretName"}},
	{"backup", map[string]any{"enabled": true}, []string{"backup has no store", "backup.volume.size", "backup.claimName", "backup.s3"}},
	{"backup", map[string]any{"enabled": true, "volume": map[string]any{"size": "10Gi"}, "claimName": "nfs"}, []string{"backup.volume and backup.claimName exclude each other"}},
	{"backup", map[string]any{"enabled": true, "volume": map[string]any{"storageClass": "fast"}}, []string{`backup.volume.size ""`, "1Gi"}},
	{"backup", map[string]any{"enabled": true, "claimName": "nfs", "keep": 0}, []string{"backup.keep 0", "at least 1"}},
	{"backup", map[string]any{"enabled": true, "claimName": "nfs", "schedule": "17 3 * *"}, []string{`backup.schedule "17 3 * *"`, "cron expression", "day of the week"}},
	{"backup", map[string]any{"enabled": true, "claimName": "nfs", "schedule": "0 25 * * *"}, []string{`backup.schedule "0 25 * * *"`, "cron expression"}},
	{"backup", map[string]any{"enabled": true, "claimName": "nfs", "schedule": ""}, []string{`backup.schedule ""`, "cron expression"}},
	{"backup", map[string]any{"enabled": true, "claimName": "nfs", "schedule": "0 0 31 2 *"}, []string{`backup.schedule "0 0 31 2 *"`, "never comes"}},
	{"backup", map[string]any{"enabled": true, "claimName": "nfs", "schedule": "TZ=Asia/Seoul 0 3 * * *"}, []string{`backup.schedule "TZ=Asia/Seoul 0 3 * * *"`, "backup.timeZone"}},
	{"backup", map[string]any{"enabled": true, "claimName": "nfs", "timeZone": "Local"}, []string{`backup.timeZone "Local"`, "Asia/Seoul"}},
	{"backup", map[string]any{"enabled": true, "claimName": "nfs", "timeZone": ""}, []string{`backup.timeZone ""`, "Asia/Seoul"}},
	{"baseImages.rclone", "rclone/rclone", []string{"baseImages.rclone", "neither tag nor digest"}},
	{"backup.retain", 3, []string{"backup.retain is", "keep"}},
	{"backend.replica", 3, []string{"backend.replica is", "replicas"}},
	{"backend.replicas", 0, []string{"backend.replicas", "0", "at least 1"}},
	{"backend.replicas", 2.5, []string{"backend.replicas", "2.5", "whole number"}},
	{"backend.replicas", "two", []string{"backend.replicas", `"two"`, "whole number"}},
	{"backend.autoscaling", map[string]any{"enabled": true, "minReplicas": 0}, []string{"backend.autoscaling.minReplicas", "0", "at least 1"}},
	{"backend.autoscaling", map[string]any{"enabled": true, "maxReplicas": 1}, []string{"backend.autoscaling.maxReplicas 1", "backend.autoscaling.minReplicas 2"}},
	{"backend.autoscaling", map[string]any{"enabled": true, "targetCPU": 0}, []string{"backend.autoscaling.targetCPU 0", "1 to 1000"}},
	{"backend.autoscaling.max", 3, []string{"backend.autoscaling.max is", "maxReplicas"}},
	{"backend.sampleData", "yes", []string{"backend.sampleData", `"yes"`, "true or false"}},
	{"backend.port", 70000, []string{"backend.port", "70000", "1 to 65535"}},
	{"backend.loadBalancerIP", "10.0.1.3", []string{"backend.loadBalancerIP", "10.0.1.3", "outside of metallb.addresses 10.0.0.3-10.0.0.254"}},
	{"backend.loadBalancerIP", "10.0.0", []string{"backend.loadBalancerIP", `"10.0.0"`, "10.0.0.3-10.0.0.254"}},
	{"backend.loadBalancerIP", "10.0.0.4", []string{"frontend.loadBalancerIP", "10.0.0.4", "backend.loadBalancerIP", "an address of its own"}},
	{"backend.externalTrafficPolicy", "local", []string{"backend.externalTrafficPolicy", `"local"`, "Cluster, Local"}},
	{"frontend.externalTrafficPolicy", "", []string{"frontend.externalTrafficPolicy", `""`, "Cluster, Local"}},
	{"backend.allowedOrigin", "http://10.0.0.4/", []string{"backend.allowedOrigin", `"http://10.0.0.4/"`, "scheme://host[:port]"}},
	{"backend.allowedOrigin", "http://10.0.0.4:80", []string{"backend.allowedOrigin", `"http://10.0.0.4:80"`, "without the default port"}},
	{"backend.allowedOrigin", "http://Site.example.com", []string{"backend.allowedOrigin", `"http://Site.example.com"`, "lower case"}},
	{"backend.allowedOrigin", "*", []string{"backend.allowedOrigin", `"*"`, "scheme://host[:port]"}},
	{"frontend.replicas", -1, []string{"frontend.replicas", "-1", "at least 1"}},
	{"frontend.port", 0, []string{"frontend.port", "0", "1 to 65535"}},
	{"frontend.loadBalancerIP", "the second one", []string{"frontend.loadBalancerIP", `"the second one"`, "10.0.0.3-10.0.0.254"}},
	{"frontend.apiMode", "both", []string{"frontend.apiMode", `"both"`, "direct, proxy"}},
	{"monitoring.namespace", "Monitoring", []string{"monitoring.namespace", `"Monitoring"`, "Prometheus"}},
	{"monitoring.release", "two words", []string{"monitoring.release", `"two words"`, "63 letters"}},
	{"monitoring.enable", true, []string{"monitoring.enable is", "enabled"}},
	{"baseImages.redisExporter", "oliver006/redis_exporter", []string{"baseImages.redisExporter", "pin it"}},
	{"baseImages.blackboxExporter", "prom/blackbox exporter:v1", []string{"baseImages.blackboxExporter", "is not an image"}},
	{"database", map[string]any{"host": "pg.example.com", "caFile": "ca.crt"}, []string{`database.caFile "ca.crt"`, `sslMode "require"`, "verify-full"}},
	{"database", map[string]any{"host": "pg.example.com", "sslMode": "prefer", "secretName": "pg"}, []string{`database.sslMode "prefer"`, "without TLS", "verify-full"}},
	{"database", map[string]any{"host": "pg.example.com", "sslMode": "verify-full", "secretName": "pg", "caFile": "ca.crt"}, []string{`database.secretName "pg"`, "database.caFile"}},
	{"database", map[string]any{"host": "pg.example.com", "sslMode": "verify-full", "secretName": "PG"}, []string{`database.secretName "PG"`, "kubectl get secret"}},
	{"database", map[string]any{"host": "pg.example.com", "sslMode": "verify-ca"}, []string{"database.sslMode", "authority"}},
	{"database", map[string]any{"embedded": true, "sslMode": "verify-full"}, []string{"database.sslMode", "database.embedded"}},
	{"database", map[string]any{"embedded": true, "caFile": "ca.crt"}, []string{"database.embedded", "database.caFile"}},
	{"tls", map[string]any{"host": "hankki.example.com"}, []string{"tls has no certificate", "tls.certFile, tls.secretName, tls.issuer and tls.generate"}},
	{"tls", map[string]any{"hsts": 5}, []string{"tls has no certificate"}},
	{"tls", map[string]any{"redirect": false}, []string{"tls has no certificate"}},
	{"tls", map[string]any{"secretName": "site", "generate": true}, []string{"tls.secretName and tls.generate exclude each other"}},
	{"tls", map[string]any{"secretName": "Site"}, []string{`tls.secretName "Site"`, "kubectl get secret"}},
	{"tls", map[string]any{"issuer": map[string]any{"kind": "ClusterIssuer"}}, []string{"tls.issuer.name is missing"}},
	{"tls", map[string]any{"issuer": map[string]any{"name": "corp"}}, []string{`tls.issuer.kind ""`, "Issuer, ClusterIssuer"}},
	{"tls", map[string]any{"issuer": map[string]any{"name": "corp", "kind": "clusterissuer"}}, []string{`tls.issuer.kind "clusterissuer"`}},
	{"tls", map[string]any{"issuer": map[string]any{"name": "Corp", "kind": "Issuer"}}, []string{`tls.issuer.name "Corp"`}},
	{"tls", map[string]any{"generate": true, "host": "https://hankki.example.com"}, []string{"tls.host", `"https://hankki.example.com"`, "without scheme"}},
	{"tls", map[string]any{"generate": true, "host": "Hankki.example.com"}, []string{"tls.host", "lower case"}},
	{"tls", map[string]any{"generate": true, "host": "hankki.example.com:8443"}, []string{"tls.host", "port"}},
	{"tls", map[string]any{"generate": true, "host": "*.example.com"}, []string{"tls.host", `"*.example.com"`}},
	{"tls", map[string]any{"generate": true, "host": "10.0.0.400"}, []string{"tls.host", `"10.0.0.400"`, "is not a host name or address"}},
	{"tls", map[string]any{"generate": true, "host": "010.0.0.4"}, []string{"tls.host", `"010.0.0.4"`}}, // browsers open 8.0.0.4
	{"tls", map[string]any{"generate": true, "host": "10.0.0"}, []string{"tls.host", `"10.0.0"`}},       // browsers open 10.0.0.0
	{"tls", map[string]any{"generate": true, "host": "hankki.0x1f"}, []string{"tls.host", `"hankki.0x1f"`}},
	{"tls", map[string]any{"generate": true, "apiHost": "10.0.0.300"}, []string{"tls.apiHost", `"10.0.0.300"`}},
	{"registry.server", "10.0.0.400:5000", []string{"registry.server", `"10.0.0.400:5000"`, "host[:port]"}},
	{"database.host", "10.0.0.400", []string{"database.host", `"10.0.0.400"`, "is not a host name or address"}},
	{"monitoring", map[string]any{"grafanaUrl": "http://10.0.0.400:3000"}, []string{"monitoring.grafanaUrl", `"http://10.0.0.400:3000"`}},
	{"backend.allowedOrigin", "http://10.0.0.400", []string{"backend.allowedOrigin", `"http://10.0.0.400"`}},
	{"tls", map[string]any{"generate": true, "host": "fe80::1%eth0"}, []string{"tls.host", "zone"}},
	{"tls", map[string]any{"generate": true, "host": "hankki.example.com", "hsts": -1}, []string{"tls.hsts -1", "0 to 63072000"}},
	{"tls", map[string]any{"generate": true, "hsts": 300}, []string{"tls.hsts 300", "10.0.0.4", "name"}},
	{"tls", map[string]any{"generate": "yes"}, []string{"tls.generate", `"yes"`, "true or false"}},
	{"tls.cert", "site.crt", []string{"tls.cert is unknown", "certFile"}},
	{"render.dir", "manifests", []string{"render.dir is", "directory"}},
	// Keys are case-sensitive: a key with another case is reported and has no effect.
	{"Namespace", "shop", []string{"Namespace is unknown", "write namespace"}},
	{"tls.certfile", "site.crt", []string{"tls.certfile is unknown", "write tls.certFile"}},
	{"tls.Generate", true, []string{"tls.Generate is unknown", "write tls.generate"}},
	{"tls.issuer", map[string]any{"Name": "corp"}, []string{"tls.issuer.Name is unknown", "write tls.issuer.name"}},
	{"database.sslmode", "on", []string{"database.sslmode is unknown", "write database.sslMode"}},
	{"backend.REPLICAS", "two", []string{"backend.REPLICAS is unknown", "write backend.replicas"}},
	{"redis.persistence", map[string]any{"Enabled": true, "size": "one"}, []string{"redis.persistence.Enabled is unknown", "write redis.persistence.enabled"}},
	{"render.Directory", "manifests", []string{"render.Directory is unknown", "write render.directory"}},
}

func TestEachMistakeIsOneLine(t *testing.T) {
	for _, m := range mistakes {
		t.Run(m.path, func(t *testing.T) {
			lines := errorLines(t, valid().set(m.path, m.value))
			if len(lines) != 1 {
				t.Errorf("want one line, got %d:\n%s", len(lines), strings.Join(lines, "\n"))
			}
			if !slices.ContainsFunc(lines, func(line string) bool { return names(line, m.messages...) }) {
				t.Errorf("no line names all of %q:\n%s", m.messages, strings.Join(lines, "\n"))
			}
		})
	}
}

// A value of the wrong type leaves its key unset, which may be another mistake.
func TestValueOfWrongTypeIsReported(t *testing.T) {
	for _, c := range []struct {
		path     string
		value    any
		messages []string
	}{
		{"metallb.addresses", "10.0.0.3-10.0.0.254", []string{"metallb.addresses", `"10.0.0.3-10.0.0.254"`, "list"}},
		{"metallb.addresses", []any{map[string]any{"from": "10.0.0.3"}}, []string{"metallb.addresses", `{"from":"10.0.0.3"}`, "text"}},
		{"metallb.chart", "metallb-0.15.2", []string{"metallb.chart", `"metallb-0.15.2"`, "object"}},
		{"registry.server", true, []string{"registry.server", "true", "text"}},
		{"backend", []any{5}, []string{"backend", "[5]", "object"}},
		{"frontend", 5, []string{"frontend", "5", "object"}},
	} {
		lines := errorLines(t, valid().set(c.path, c.value))
		if !slices.ContainsFunc(lines, func(line string) bool { return names(line, c.messages...) }) {
			t.Errorf("no line names all of %q:\n%s", c.messages, strings.Join(lines, "\n"))
		}
	}
}

// Unusual but valid values must pass.
func TestGoodInputIsAccepted(t *testing.T) {
	for path, values := range map[string][]any{
		"registry.server":       {"localhost", "localhost:5000", "10.0.0.2:5000", "registry.example.com", "docker.io", "[fd00::2]:5000", "[FD00:0::2]"},
		"registry.prefix":       {"", "team/hankki", "my_team-1"},
		"baseImages.python":     {"localhost:5000/python:3.11", "python@sha256:" + strings.Repeat("0", 64)},
		"metallb.addresses":     {[]any{"10.0.0.0/24"}, []any{"10.0.0.3-10.0.0.3", "10.0.0.4/32"}, []any{"fd00::/64", "10.0.0.1-10.0.0.9"}},
		"database.host":         {"postgres", "db-1.example.com", "10.0.1.3", "fd00::3"},
		"backend.allowedOrigin": {"https://hankki.example.com", "http://10.0.0.4:8080", "http://[fd00::4]"},
		"images.platform":       {"linux/arm64", "linux/arm/v7"},
		"namespace":             {"default"},
	} {
		for _, value := range values {
			if lines := errorLines(t, valid().set(path, value)); len(lines) > 0 {
				t.Errorf("%s %v is refused: %q", path, value, lines)
			}
		}
	}
}

// Mistakes in a combination of two keys.
func TestMistakesInTwoKeys(t *testing.T) {
	for name, c := range map[string]struct {
		s        settings
		messages []string
	}{
		"plain http with a certificate": {valid().set("registry.insecure", true).set("registry.caFile", "ca.pem"),
			[]string{"registry.insecure", `registry.caFile "ca.pem"`, "exclude each other"}},
		"tls on the port of plain http": {valid().set("tls.generate", true).set("frontend.port", 443), []string{"frontend.port 443", "https"}},
		"tls and a plain origin": {valid().set("tls.generate", true).set("backend.allowedOrigin", "http://10.0.0.4"),
			[]string{`backend.allowedOrigin "http://10.0.0.4"`, "https://10.0.0.4", "remove"}},
		"a certificate without its key":          {valid().set("tls.certFile", "site.crt"), []string{"tlsKey is missing", "pulumi config set --secret hankki:tlsKey"}},
		"a client's certificate without its key": {valid().set("database.certFile", "us.crt"), []string{"databaseKey is missing", "--secret hankki:databaseKey"}},
		"a key in plain text":                    {valid().set("tls.certFile", "site.crt").set("tlsKey", "key"), []string{"tlsKey is in plain text"}},
		"hsts and another port of plain http": {valid().set("tls.generate", true).set("tls.host", "hankki.example.com").set("tls.hsts", 300).set("frontend.port", 8080),
			[]string{"tls.hsts 300", "frontend.port 8080", "tls.redirect false"}},
		"an IPv6 address of the API": {valid().set("tls.generate", true).set("tls.apiHost", "fd00::3").set("frontend.apiMode", "direct"), []string{`tls.apiHost "fd00::3"`, "Content-Security-Policy"}},
		"no buildx instance": {valid().set("images.builder", "buildkit").set("images.instance", ""),
			[]string{"images.instance is missing", "buildx"}},
		"an IPv6 address that browsers are to call": {valid().set("metallb.addresses", []any{"fd00::/64", "10.0.0.4/32"}).set("backend.loadBalancerIP", "fd00::3").set("frontend.apiMode", "direct"),
			[]string{"backend.loadBalancerIP fd00::3", `frontend.apiMode "direct"`, `"proxy"`}},
		"default ports meet": {valid().set("backend.loadBalancerIP", "10.0.0.4").set("backend.port", 80),
			[]string{"10.0.0.4", "an address of its own"}},
	} {
		t.Run(name, func(t *testing.T) {
			if lines := errorLines(t, c.s); len(lines) != 1 || !names(lines[0], c.messages...) {
				t.Errorf("want one line that names all of %q, got:\n%s", c.messages, strings.Join(lines, "\n"))
			}
		})
	}
}

func TestMalformedObjectIsRejected(t *testing.T) {
	for _, text := range []string{"nonsense", "[1]", "5", `{"replicas":2} and more`, `{"replicas":2}{"port":1}`} {
		lines := errorLines(t, valid().set("frontend", text).set("backend.allowedOrigin", "http://10.0.0.4"))
		if !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, "frontend: ") }) {
			t.Errorf("frontend %s: no line reports malformed JSON:\n%s", text, strings.Join(lines, "\n"))
		}
	}
}

func TestSecretsAreCheckedButNeverPrinted(t *testing.T) {
	for _, c := range []struct{ name, value, messages string }{
		{"signingKey", "thirty-one-bytes-are-one-too-few", ""},
		{"signingKey", "thirty-one-bytes-are-1-too-few-", "signingKey has 31 characters: at least 32"},
		{"signingKey", strings.Repeat("밥", 31), "signingKey has 31 characters: at least 32"}, // three bytes each; the API also counts characters
		{"redisPassword", `two words "quoted" \ and more`, ""},                               // Redis gets its hash
	} {
		t.Run(c.name, func(t *testing.T) {
			lines := errorLines(t, valid().encrypt(c.name, c.value))
			switch {
			case c.messages == "" && len(lines) > 0:
				t.Errorf("a valid %s is refused: %q", c.name, lines)
			case c.messages != "" && (len(lines) != 1 || !names(lines[0], c.messages, "openssl rand -hex 32")):
				t.Errorf("want one line with %q and a solution, got %q", c.messages, lines)
			}
			if names(strings.Join(lines, "\n"), c.value) {
				t.Errorf("the error about %s prints its value", c.name)
			}
		})
	}
}

// If two mistakes hide each other, only one of them is included.
func TestAllMistakesAreListed(t *testing.T) {
	s, spoiled := valid(), map[string]bool{"metallb.addresses": true, "database.embedded": true, "database": true, "images.caFile": true, "tls": true, "backup.retain": true}
	var want [][]string
	for _, m := range mistakes {
		if !spoiled[m.path] {
			s.set(m.path, m.value)
			spoiled[m.path], want = true, append(want, m.messages)
		}
	}
	s.encrypt("signingKey", "short")
	delete(s.values, "databasePassword")
	want = append(want, []string{"signingKey", "32"}, []string{"databasePassword is missing"})

	lines := errorLines(t, s)
	for _, messages := range want {
		if !slices.ContainsFunc(lines, func(line string) bool { return names(line, messages...) }) {
			t.Errorf("no line names all of %q", messages)
		}
	}
	if len(lines) != len(want) {
		t.Errorf("%d mistakes gave %d lines:\n%s", len(want), len(lines), strings.Join(lines, "\n"))
	}
}
