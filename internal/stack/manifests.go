package stack

import "hankki/internal/manifest"

// Manifests are the cluster's objects that the state knows, as they were after the last operation. Secrets are marks.
func (s *State) Manifests() []manifest.Resource {
	var all []manifest.Resource
	for _, r := range s.Resources {
		if _, ok := r.Object(); !ok {
			continue
		}
		object, _ := unsealed(r.Outputs).(map[string]any)
		if object["apiVersion"] == nil {
			object, _ = unsealed(r.Inputs).(map[string]any) // of one whose creation has failed
		}
		retained, _ := r.entry["retainOnDelete"].(bool)
		all = append(all, manifest.Resource{URN: r.URN, Retained: retained, Object: object})
	}
	return all
}

// signature is the key that the engine gives to values of its own, such as secrets.
const signature = "4dabf18193072939515e22adb298388d"

// unsealed copies a value with marks in place of secrets.
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
