package guardrails

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"hankki/internal/manifest"
)

// objectOf converts the properties of a Kubernetes resource to a manifest, with placeholders for secret and unknown
// values. mark returns the placeholder of a secret value.
func objectOf(properties resource.PropertyMap, mark func(resource.PropertyValue) string) map[string]any {
	object := map[string]any{}
	for key, value := range properties {
		if strings.HasPrefix(string(key), "__") { // internal to the engine
			continue
		}
		object[string(key)] = plain(value, false, mark)
	}
	return object
}

// plain keeps the structure of secrets, because the keys of a Secret are not secret.
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
	case secret && !v.IsNull() && v.V != "": // an empty value is not secret
		return mark(v)
	case v.IsString(), v.IsNumber(), v.IsBool(), v.IsNull():
		return v.V
	default:
		return v.String() // an asset; Kubernetes objects have none
	}
}

// blank returns a placeholder that is independent of the value.
func blank(resource.PropertyValue) string { return manifest.Secret + "]" }

// digest returns a placeholder that is equal for equal values. Use it for renderings only, where secrets are
// placeholders.
func digest(v resource.PropertyValue) string {
	return fmt.Sprintf("%s %.4x]", manifest.Secret, sha256.Sum256([]byte(v.String())))
}
