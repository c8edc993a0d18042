package manifest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
)

// Pin adds the digest of each generated Secret or ConfigMap to its name in pod templates, because changed content
// means a new name and therefore new pods. Renderings lack such names.
func Pin(resources []Resource) []Resource {
	pins := map[string]string{}
	for _, r := range resources {
		if name, ok := r.Name(); ok && r.Autonamed() {
			content := maps.Clone(r.Object)
			delete(content, "metadata")
			text, err := json.Marshal(content)
			if err != nil {
				continue // parsed from JSON
			}
			pins[name.Kind.Kind+" "+name.Namespace+"/"+name.Name] = fmt.Sprintf("%s-%.4x", name.Name, sha256.Sum256(text))
		}
	}
	pinned := make([]Resource, len(resources))
	for i, r := range resources {
		pinned[i] = r
		if name, ok := r.Name(); ok {
			object, _ := pin(r.Object, func(kind, named string) string { return pins[kind+" "+name.Namespace+"/"+named] }).(map[string]any)
			pinned[i].Object = object
		}
	}
	return pinned
}

// references maps the fields that refer to a Secret or a ConfigMap to the kind.
var references = map[string]struct{ kind, field string }{
	"secretKeyRef": {"Secret", "name"}, "secretRef": {"Secret", "name"}, "secret": {"Secret", "secretName"},
	"configMapKeyRef": {"ConfigMap", "name"}, "configMapRef": {"ConfigMap", "name"}, "configMap": {"ConfigMap", "name"},
}

// pin copies the value with the names that other returns; an empty one keeps the name.
func pin(value any, other func(kind, name string) string) any {
	switch v := value.(type) {
	case []any:
		all := make([]any, len(v))
		for i, item := range v {
			all[i] = pin(item, other)
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(v))
		for key, item := range v {
			all[key] = pin(item, other)
			reference, refers := references[key]
			target, isMap := all[key].(map[string]any)
			if !refers || !isMap {
				continue
			}
			if name, ok := target[reference.field].(string); ok {
				if pinned := other(reference.kind, name); pinned != "" {
					target[reference.field] = pinned
				}
			}
		}
		return all
	default:
		return value
	}
}
