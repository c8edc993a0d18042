package config_test

import (
	"slices"
	"strings"
	"testing"

	"hankki/internal/config"
)

// A key without a value, as in a half-written file, is treated as unset.
func TestNullMeansUnset(t *testing.T) {
	want := load(t, valid())
	for _, path := range []string{"redis", "monitoring", "images", "metricsServer", "redis.persistence", "backend.replicas", "backend.autoscaling", "database.port", "metallb.pool", "metallb.chart"} {
		t.Run(path, func(t *testing.T) {
			if got := load(t, valid().set(path, nil)); got.Redis != want.Redis || got.Backend.Autoscaling != want.Backend.Autoscaling || got.Database != want.Database ||
				got.MetalLB.Pool != want.MetalLB.Pool || got.MetalLB.Chart != want.MetalLB.Chart || got.Images != want.Images || got.Monitoring != want.Monitoring {
				t.Errorf("%s without a value: %+v", path, got)
			}
		})
	}
	lines := errorLines(t, valid().set("backend", nil))
	if len(lines) != 1 || !names(lines[0], `backend.loadBalancerIP ""`, "metallb.addresses") {
		t.Errorf("backend without a value: %q", lines)
	}
	if lines := errorLines(t, valid().set("backend.replica", nil)); len(lines) != 1 || !names(lines[0], "backend.replica is unknown") {
		t.Errorf("an unknown key without a value: %q", lines)
	}
}

func TestAddressesOfOtherServersAreRejected(t *testing.T) {
	for _, row := range []struct {
		path, value, messages string
	}{
		{"database.host", "10.0.0.3", "backend.loadBalancerIP 10.0.0.3 is also database.host"},
		{"database.host", "::ffff:10.0.0.4", "frontend.loadBalancerIP 10.0.0.4 is also database.host"},
		{"registry.server", "10.0.0.3:5000", "backend.loadBalancerIP 10.0.0.3 is also registry.server"},
		{"registry.server", "10.0.0.4", "frontend.loadBalancerIP 10.0.0.4 is also registry.server"},
	} {
		if lines := errorLines(t, valid().set(row.path, row.value)); len(lines) != 1 || !names(lines[0], row.messages, "an address of its own") {
			t.Errorf("%s %s: %q", row.path, row.value, lines)
		}
	}
}

// MetalLB's speakers need Pod Security "privileged"; the tiers get "restricted".
func TestMetalLBHasItsOwnNamespace(t *testing.T) {
	for _, row := range []struct {
		manage, namespace string
		refused           bool
	}{{"install", "hankki", true}, {"install", "lb", false}, {"none", "hankki", false}} {
		lines := errorLines(t, valid().set("metallb.manage", row.manage).set("metallb.namespace", row.namespace))
		if row.refused != (len(lines) == 1) || row.refused && !names(lines[0], `metallb.namespace "hankki" is also namespace`, "another") {
			t.Errorf("%+v: %q", row, lines)
		}
	}
}

// MetalLB rejects its whole configuration for a prefix with a space.
func TestPrefixWithSpaceIsRejected(t *testing.T) {
	for _, text := range []string{" 10.0.0.0/24", "10.0.0.0/24 "} {
		t.Run(text, func(t *testing.T) {
			if lines := errorLines(t, valid().set("metallb.addresses", []any{text})); len(lines) != 1 || !names(lines[0], "metallb.addresses", text, "10.0.0.0/28") {
				t.Errorf("%q", lines)
			}
		})
	}
}

// A secret at a wrong key, or of a wrong type, is not printed.
func TestSecretAtWrongKeyIsNotPrinted(t *testing.T) {
	for key, value := range map[string]any{
		"database": "hunter2", "backend": map[string]any{"replicas": "hunter2"}, "rolloutTimeout": "hunter2", "metallb": map[string]any{"addresses": []any{map[string]any{"a": "hunter2"}}},
	} {
		t.Run(key, func(t *testing.T) {
			s := valid().set(key, value)
			s.secrets[key] = true
			_, err := config.Load("onprem", s)
			if err == nil || strings.Contains(err.Error(), "hunter2") {
				t.Error(err)
			}
			if !slices.ContainsFunc(strings.Split(err.Error(), "\n"), func(line string) bool { return strings.HasPrefix(line, key) && strings.Contains(line, "a secret") }) {
				t.Errorf("no line reports the error: %v", err)
			}
		})
	}
}

func TestScalarOfWrongTypeIsOneError(t *testing.T) {
	for path, want := range map[string]string{"rolloutTimeout": `rolloutTimeout: "10m" is not a whole number`, "generateSecrets": `generateSecrets: "10m" is not true or false`} {
		if lines := errorLines(t, valid().set(path, "10m")); len(lines) != 1 || lines[0] != want {
			t.Errorf("%q, want %q", lines, want)
		}
	}
}
