package site

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
)

// match requires a value at each path, such as spec.ports.0.port; nil requires that the path is unset. Numbers and strings
// are different. An unknown path fails the test, even with nil.
func match(t *testing.T, r registration, want map[string]any) {
	t.Helper()
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if !knownPath(r.typ, path, want[path]) {
			t.Errorf("%s has no field %s, or it is not in unsetPaths", r.typ, path)
		}
		if difference := cmp.Diff(asJSON(t, want[path]), asJSON(t, at(r.inputs, path))); difference != "" {
			t.Errorf("%s %q: %s differs (-want +got):\n%s", r.typ, r.name, path, difference)
		}
	}
}

// unsetPaths are the optional fields of resources without a Go type that tests require to be unset.
var unsetPaths = []string{
	"spec.ipAddresses",                               // of a Certificate of cert-manager
	"context", "kubeconfig", "renderYamlToDirectory", // provider
	"repositoryOpts", "version", // chart
	"spec.jobLabel", // PodMonitor
}

// knownPath reports whether the resource's type has the path. For a resource without a Go type, any wanted value but nil proves
// the path.
func knownPath(token, path string, want any) bool {
	if kind := typeOf(token); kind != nil {
		return hasPath(kind, strings.Split(path, "."))
	}
	return want != nil || slices.Contains(unsetPaths, path)
}

// at returns the value at a path like spec.ports.0.port; nil if there is none.
func at(from any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		switch v := from.(type) {
		case map[string]any:
			from = v[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(v) {
				return nil
			}
			from = v[i]
		default:
			return nil
		}
	}
	return from
}

// typeOf returns the Go type of a Kubernetes resource's token, such as kubernetes:apps/v1:Deployment; nil for custom
// resources and for resources of other plugins.
func typeOf(token string) reflect.Type {
	parts := strings.Split(token, ":")
	if len(parts) != 3 || parts[0] != "kubernetes" {
		return nil
	}
	group, version, found := strings.Cut(parts[1], "/")
	if !found {
		return nil
	}
	if group == "core" {
		group = ""
	}
	object, err := scheme.Scheme.New(schema.GroupVersionKind{Group: group, Version: version, Kind: parts[2]})
	if err != nil {
		return nil
	}
	return reflect.TypeOf(object)
}

// hasPath reports whether the type has the path, by JSON names.
func hasPath(typ reflect.Type, path []string) bool {
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if len(path) == 0 {
		return true
	}
	switch typ.Kind() {
	case reflect.Map:
		return hasPath(typ.Elem(), path[1:])
	case reflect.Slice:
		_, err := strconv.Atoi(path[0])
		return err == nil && hasPath(typ.Elem(), path[1:])
	case reflect.Struct:
		for field := range typ.Fields() {
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == path[0] && hasPath(field.Type, path[1:]) || strings.Contains(options, "inline") && hasPath(field.Type, path) {
				return true
			}
		}
	default:
		return false // a value without fields
	}
	return false
}

func asJSON(t *testing.T, value any) (plain any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, &plain)
	}
	if err != nil {
		t.Fatalf("%v: %v", value, err)
	}
	return plain
}

// A misspelt path fails a test, and so does a number instead of a string.
func TestPathsOfTypes(t *testing.T) {
	for path, there := range map[string]bool{
		"spec.replicas": true, "spec.template.spec.containers.0.securityContext.privileged": true, "metadata.annotations.anything": true,
		"metadata.annotations": true, "spec.template.spec.volumes.0.secret.secretName": true, "spec.template.spec.hostNetwork": true,
		"spec.template.spec.containers.0.resources.limits.memory": true, "spec.replica": false, "spec.template.hostNetwork": false,
		"spec.template.spec.containers.first.name": false, "spec.template.spec.containers.0.securityContext.priviledged": false,
	} {
		if got := hasPath(typeOf(deploymentType), strings.Split(path, ".")); got != there {
			t.Errorf("a Deployment has %s: %t", path, got)
		}
	}
	if typeOf("kubernetes:metallb.io/v1beta1:IPAddressPool") != nil || typeOf(dockerImageType) != nil {
		t.Error("a type exists for an unknown resource")
	}
	for path, known := range map[string]bool{"version": true, "vershun": false, "spec.jobLabels": false} {
		if knownPath(chartType, path, nil) != known || !knownPath(chartType, path, "a value") {
			t.Errorf("the unset path %s of a chart is known: %t", path, !known)
		}
	}
	if cmp.Equal(asJSON(t, 1), asJSON(t, fmt.Sprint(1))) {
		t.Error("1 equals \"1\"")
	}
}
