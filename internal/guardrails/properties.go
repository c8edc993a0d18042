package guardrails

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"hankki/internal/manifest"
)

// objectOf is the manifest that the properties of a resource of the Kubernetes plugin are, with marks in place of what is secret
// or not known yet. mark makes the mark of a secret value.
func objectOf(properties resource.PropertyMap, mark func(resource.PropertyValue) string) map[string]any {
	object := map[string]any{}
	for key, value := range properties {
		if strings.HasPrefix(string(key), "__") { // the engine's own
			continue
		}
		object[string(key)] = plain(value, false, mark)
	}
	return object
}

// plain keeps the structure of secrets, for the keys of a Secret are none.
func plain(v resource.PropertyValue, secret bool, mark func(resource.PropertyValue) string) any {
	switch {
	case v.IsSecret():
		return plain(v.SecretValue().Element, true, mark)
	case v.IsComputed():
		return manifest.Unknown
	case v.IsOutput():
		if output := v.OutputValue(); output.Known {
			return plain(output.Element, secret || output.Secret, mark)
		}
		return manifest.Unknown
	case v.IsObject():
		all := make(map[string]any, len(v.ObjectValue()))
		for key, item := range v.ObjectValue() {
			all[string(key)] = plain(item, secret, mark)
		}
		return all
	case v.IsArray():
		all := make([]any, len(v.ArrayValue()))
		for i, item := range v.ArrayValue() {
			all[i] = plain(item, secret, mark)
		}
		return all
	default:
		return scalar(v, secret, mark)
	}
}

func scalar(v resource.PropertyValue, secret bool, mark func(resource.PropertyValue) string) any {
	switch {
	case secret && !v.IsNull() && v.V != "": // an empty one hides nothing
		return mark(v)
	case v.IsString(), v.IsNumber(), v.IsBool(), v.IsNull():
		return v.V
	default:
		return v.String() // an asset; no object has one
	}
}

// blank tells nothing of the value.
func blank(resource.PropertyValue) string { return manifest.Secret + "]" }

// digest tells whether two values are the same. It is for renderings only, where placeholders stand for secrets.
func digest(v resource.PropertyValue) string {
	return fmt.Sprintf("%s %.4x]", manifest.Secret, sha256.Sum256([]byte(v.String())))
}
