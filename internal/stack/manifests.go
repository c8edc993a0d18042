package stack

import "hankki/internal/manifest"

// Manifests returns the Kubernetes objects in the state, as of the last operation. Secrets are placeholders.
func (s *State) Manifests() []manifest.Resource {
	var all []manifest.Resource
	for _, r := range s.Resources {
		if _, ok := r.Object(); !ok {
			continue
		}
		object := WithoutSecrets(r.Outputs)
		if object["apiVersion"] == nil {
			object = WithoutSecrets(r.Inputs) // if its creation failed
		}
		retained, _ := r.entry["retainOnDelete"].(bool)
		all = append(all, manifest.Resource{URN: r.URN, Retained: retained, Object: object})
	}
	return all
}

// signature is the key of the engine's special values, such as secrets.
const signature = "4dabf18193072939515e22adb298388d"

// WithoutSecrets copies the properties of a resource, from a state or an event of the engine. Placeholders replace secrets.
func WithoutSecrets(properties map[string]any) map[string]any {
	copied, _ := unsealed(properties).(map[string]any) // not one map if the whole is a secret
	return copied
}

// unsealed copies a value and replaces secrets by placeholders.
func unsealed(value any) any {
	switch v := value.(type) {
	case []any:
		all := make([]any, len(v))
		for i, item := range v {
			all[i] = unsealed(item)
		}
		return all
	case map[string]any:
		if _, sealed := v[signature]; sealed {
			return manifest.Secret + "]"
		}
		all := make(map[string]any, len(v))
		for key, item := range v {
			all[key] = unsealed(item)
		}
		return all
	default:
		return value
	}
}
