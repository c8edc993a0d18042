package config_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hankki/e2e/change"
	"hankki/internal/config"
)

func ipv4(n uint32) netip.Addr {
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, n)))
}

// generatePool draws a range of addresses, in one of the notations of a pool, with room for two Services.
func generatePool(t *rapid.T) (text string, first, last uint32) {
	if rapid.Bool().Draw(t, "as prefix") {
		bits := rapid.IntRange(1, 31).Draw(t, "bits")
		size := uint32(1) << (32 - bits)
		first = rapid.Uint32().Draw(t, "address") &^ (size - 1)
		return fmt.Sprintf("%s/%d", ipv4(first), bits), first, first + (size - 1)
	}
	first = rapid.Uint32Range(0, 1<<32-2).Draw(t, "first")
	last = rapid.Uint32Range(first+1, 1<<32-1).Draw(t, "last")
	return fmt.Sprintf("%s-%s", ipv4(first), ipv4(last)), first, last
}

func TestAddressInThePoolIsAccepted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pool, first, last := generatePool(t)
		backend := rapid.Uint32Range(first, last).Draw(t, "backend")
		frontend := rapid.Uint32Range(first, last).Filter(func(n uint32) bool { return n != backend }).Draw(t, "frontend")
		s := valid().set("metallb.addresses", []any{"fd00::1-fd00::9", pool}).
			set("backend.loadBalancerIP", ipv4(backend).String()).set("frontend.loadBalancerIP", ipv4(frontend).String())
		if _, err := config.Load("test", s); err != nil {
			t.Fatalf("%s and %s of %s are refused:\n%v", ipv4(backend), ipv4(frontend), pool, err)
		}
	})
}

func TestAddressOutsideThePoolIsRejected(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pool, first, last := generatePool(t)
		address := ipv4(rapid.Uint32().Filter(func(n uint32) bool { return n < first || n > last }).Draw(t, "backend"))
		s := valid().set("metallb.addresses", []any{pool}).
			set("backend.loadBalancerIP", address.String()).set("frontend.loadBalancerIP", ipv4(first).String())
		_, err := config.Load("test", s)
		want := fmt.Sprintf("backend.loadBalancerIP %s is outside of metallb.addresses %s", address, pool)
		if lines := linesOf(err); len(lines) != 1 || !strings.Contains(lines[0], want) {
			t.Fatalf("want one line with %q, got:\n%v", want, err)
		}
	})
}

func TestAutoscalingIsARange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.IntRange(-2, 20)
		least, most, cpu := number.Draw(t, "minReplicas"), number.Draw(t, "maxReplicas"), rapid.IntRange(-10, 1100).Draw(t, "targetCPU")
		enabled := rapid.Bool().Draw(t, "enabled")
		_, err := config.Load("test", valid().set("backend.autoscaling", map[string]any{
			"enabled": enabled, "minReplicas": least, "maxReplicas": most, "targetCPU": cpu,
		}))
		wrong := 0 // disabled settings are not checked
		for _, problem := range []bool{least < 1, most < least, cpu < 1 || cpu > 1000} {
			if enabled && problem {
				wrong++
			}
		}
		if lines := linesOf(err); len(lines) != wrong {
			t.Fatalf("want %d lines, got:\n%v", wrong, err)
		}
	})
}

func TestTwoServicesNeverShareAnAddress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pool, first, last := generatePool(t)
		address := ipv4(rapid.Uint32Range(first, last).Draw(t, "address")).String()
		s := valid().set("metallb.addresses", []any{pool}).
			set("backend.loadBalancerIP", address).set("frontend.loadBalancerIP", address)
		if lines := linesOf(func() error { _, err := config.Load("test", s); return err }()); len(lines) != 1 ||
			!names(lines[0], address, "backend.loadBalancerIP", "frontend.loadBalancerIP") {
			t.Fatalf("want one line that names %s and both keys, got %q", address, lines)
		}
	})
}

// anyJSON draws any JSON value. Objects have the known names as keys, so that nested values are checked too.
func anyJSON(known []string, depth int) *rapid.Generator[any] {
	kinds := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.Int().AsAny(), rapid.Float64Range(-1e9, 1e9).AsAny(), rapid.String().AsAny(),
		rapid.SampledFrom([]string{"10.0.0.3", "10.0.0.0/33", "10.0.0.9-10.0.0.3", "::/0", "fe80::1%eth0", "http://[::1", "a:b@c:1/d", "@", "/", ":"}).AsAny(),
	}
	if depth > 0 {
		key := rapid.OneOf(rapid.SampledFrom(known), rapid.String())
		kinds = append(kinds, rapid.SliceOfN(anyJSON(known, depth-1), 0, 4).AsAny(), rapid.MapOfN(key, anyJSON(known, depth-1), 0, 8).AsAny())
	}
	return rapid.OneOf(kinds...)
}

// knownNames returns the names in the paths of all configuration keys: backend and replicas of backend.replicas.
func knownNames(t *testing.T) (names []string) {
	t.Helper()
	for _, path := range change.Keys(sorted(declared(t))) {
		names = append(names, strings.Split(path, ".")...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestLoadNeverPanics(t *testing.T) {
	keys := slices.Concat(sorted(declared(t)), sorted(secrets), sorted(fallbacks), keysOfOptions)
	value := rapid.OneOf(anyJSON(knownNames(t), 3), rapid.String().AsAny()) // a text is passed unchanged, so it may be invalid JSON
	rapid.Check(t, func(t *rapid.T) {
		s := valid()
		for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom(keys), 1, len(keys), rapid.ID).Draw(t, "keys") {
			s.set(key, value.Draw(t, key))
		}
		c, err := config.Load("test", s)
		if c == nil {
			t.Fatalf("Load gives no Config for further checks: %v", err)
		}
	})
}

// All errors are listed, also for invalid secrets, and no error prints a secret.
func TestNoErrorPrintsASecret(t *testing.T) {
	names := slices.Concat(sorted(secrets), sorted(fallbacks), keysOfOptions)
	rapid.Check(t, func(t *rapid.T) {
		s := valid().set("namespace", "No Name") // so that there is an error
		printed := map[string]string{}
		for i, name := range names {
			printed[name] = fmt.Sprintf("plain-text-%d", i)
			secret := rapid.SampledFrom([]string{"%s", " %s", "%s\n", "%s\x00", "\"%s\"", "[\"%s\"]", "{\"value\": \"%s\"}", "%s and others"}).Draw(t, name)
			s.set(name, fmt.Sprintf(secret, printed[name]))
			s.secrets[name] = rapid.Bool().Draw(t, name+" is encrypted")
		}
		_, err := config.Load("test", s)
		if err == nil {
			t.Fatal("no error")
		}
		for name, text := range printed {
			if strings.Contains(err.Error(), text) {
				t.Fatalf("the error prints %s: %v", name, err)
			}
		}
	})
}
