package stacktest

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"hankki/internal/testfile"
)

const namespace = "hankki:"

// Values is a stack's configuration, as read from YAML. Keys have no namespace.
type Values map[string]any

// Shipped reads a stack's file from the repository with that root. All of its keys must be in the namespace hankki.
func Shipped(tb testing.TB, root, stack string) Values {
	tb.Helper()
	file := filepath.Join(root, "Pulumi."+stack+".yaml")
	var content struct{ Config map[string]any } // with Values the decoder would make nested objects Values too
	if err := yaml.Unmarshal([]byte(testfile.Read(tb, file)), &content); err != nil {
		tb.Fatalf("%s: %v", file, err)
	}
	values := Values{}
	for key, value := range content.Config {
		name, found := strings.CutPrefix(key, namespace)
		if !found {
			tb.Fatalf("%s: %s is not in the namespace %s", file, key, namespace)
		}
		values[name] = value
	}
	return values
}

// Set sets the value at a path like backend.replicas.
func (v Values) Set(path string, value any) {
	key, inner, nested := strings.Cut(path, ".")
	if !nested {
		v[key] = value
		return
	}
	object := map[string]any{}
	if given, ok := v[key].(map[string]any); ok {
		object = maps.Clone(given) // a table of tests may share it
	}
	Values(object).Set(inner, value)
	v[key] = object
}

// Text returns a value as the engine passes it to the program: a text unchanged, all else as JSON.
func (v Values) Text(key string) (text string, found bool) {
	value, found := v[key]
	if text, ok := value.(string); ok || !found {
		return text, found
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err) // a test has set a value that YAML does not have
	}
	return string(encoded), true
}
