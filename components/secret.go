package components

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Secret is a value for pods, stored by the stack or managed externally in the cluster.
type Secret struct {
	Own      pulumi.StringOutput // Pulumi secret; used unless External is set
	External External
}

// External is one key of an externally managed Secret in the namespace; the zero value: none.
type External struct {
	Secret, Key string // names
	// Digest is the keyed digest (HMAC) of the value, and a Pulumi secret. It is empty if the value is empty. Nil: the
	// value was not read, as in rendered manifests.
	Digest pulumi.StringInput
}

// secretsAnnotation is set on pod templates whose pods must be replaced when an externally managed Secret changes.
const secretsAnnotation = "hankki/secrets"

func (s Secret) external() bool { return s.External.Secret != "" }

// env returns a variable with the value. A value that the stack stores is under key in the Secret own.
func (s Secret) env(variable string, own pulumi.StringInput, key string) corev1.EnvVarArgs {
	if s.external() {
		return envSecret(variable, pulumi.String(s.External.Secret), s.External.Key)
	}
	return envSecret(variable, own, key)
}

// KeyedDigest returns the HMAC of a value, which shows a change only to holders of the key. An empty value has an empty
// digest.
func KeyedDigest(key, value string) string {
	if value == "" {
		return ""
	}
	code := hmac.New(sha256.New, []byte(key))
	code.Write([]byte(value))
	return hex.EncodeToString(code.Sum(nil))
}

// digests returns the digests of the externally managed secrets as lines NAME=DIGEST, sorted by name; nil: there are none.
func digests(secrets map[string]Secret) pulumi.StringArrayOutput {
	lines := pulumi.StringArray{}
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		if digest := secrets[name].External.Digest; digest != nil {
			lines = append(lines, pulumi.Sprintf("%s=%s", name, digest))
		}
	}
	return lines.ToStringArrayOutput()
}

// following returns annotations that replace the pods when one of their externally managed secrets changes. The annotation
// is a digest of keyed digests, so it reveals neither a value nor that two values are equal.
func following(secrets map[string]Secret) pulumi.StringMap {
	if !slices.ContainsFunc(slices.Collect(maps.Values(secrets)), func(s Secret) bool { return s.External.Digest != nil }) {
		return nil
	}
	return annotated(digests(secrets).ApplyT(func(lines []string) string { return strings.Join(lines, "\n") }).(pulumi.StringOutput))
}

// annotated returns the annotation with the text's digest, which is not secret.
func annotated(text pulumi.StringOutput) pulumi.StringMap {
	digest := text.ApplyT(sha256Hex).(pulumi.StringOutput)
	return pulumi.StringMap{secretsAnnotation: pulumi.Unsecret(digest).(pulumi.StringOutput)}
}

// withExternal returns a volume with the entries items of the Secret own and the externally managed one as the named file.
func withExternal(volume string, own pulumi.StringInput, items corev1.KeyToPathArray, external External, file string) corev1.VolumeArgs {
	return corev1.VolumeArgs{Name: pulumi.String(volume), Projected: corev1.ProjectedVolumeSourceArgs{
		DefaultMode: pulumi.Int(groupReads),
		Sources: corev1.VolumeProjectionArray{
			corev1.VolumeProjectionArgs{Secret: corev1.SecretProjectionArgs{Name: own.ToStringOutput().ToStringPtrOutput(), Items: items}},
			corev1.VolumeProjectionArgs{Secret: corev1.SecretProjectionArgs{
				Name:  pulumi.String(external.Secret),
				Items: corev1.KeyToPathArray{corev1.KeyToPathArgs{Key: pulumi.String(external.Key), Path: pulumi.String(file)}},
			}},
		},
	}}
}
