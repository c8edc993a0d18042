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

// Secret is a value for pods: the stack's own, or one that others keep in the cluster.
type Secret struct {
	Own  pulumi.StringOutput // hidden by Pulumi; read unless Kept is set
	Kept Kept
}

// Kept is one key of a Secret in the namespace, which others write; the zero value: there is none.
type Kept struct {
	Secret, Key string // names
	// Digest is a keyed one of the value, and a secret; it resolves to the empty text where the value is empty. Nil: nobody has
	// looked, as in rendered manifests.
	Digest pulumi.StringInput
}

// secretsAnnotation is that of a pod template whose pods have to follow Secrets that others keep.
const secretsAnnotation = "hankki/secrets"

func (s Secret) kept() bool { return s.Kept.Secret != "" }

// env is a variable with the value: the stack's own stands under key in its Secret own.
func (s Secret) env(variable string, own pulumi.StringInput, key string) corev1.EnvVarArgs {
	if s.kept() {
		return envSecret(variable, pulumi.String(s.Kept.Secret), s.Kept.Key)
	}
	return envSecret(variable, own, key)
}

// KeyedDigest tells whether a value has changed, to those alone who have the key. An empty value has an empty one.
func KeyedDigest(key, value string) string {
	if value == "" {
		return ""
	}
	code := hmac.New(sha256.New, []byte(key))
	code.Write([]byte(value))
	return hex.EncodeToString(code.Sum(nil))
}

// digests are those of the secrets that others keep, as lines NAME=DIGEST in the order of the names; nil: there are none.
func digests(secrets map[string]Secret) pulumi.StringArrayOutput {
	lines := pulumi.StringArray{}
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		if digest := secrets[name].Kept.Digest; digest != nil {
			lines = append(lines, pulumi.Sprintf("%s=%s", name, digest))
		}
	}
	return lines.ToStringArrayOutput()
}

// following are the annotations by which the pods are replaced when a secret of theirs that others keep has changed. What stands
// there is a digest of keyed digests, so it tells neither a value nor that two are the same.
func following(secrets map[string]Secret) pulumi.StringMap {
	if !slices.ContainsFunc(slices.Collect(maps.Values(secrets)), func(s Secret) bool { return s.Kept.Digest != nil }) {
		return nil
	}
	return annotated(digests(secrets).ApplyT(func(lines []string) string { return strings.Join(lines, "\n") }).(pulumi.StringOutput))
}

// annotated hides the text behind its digest, which everybody may see.
func annotated(text pulumi.StringOutput) pulumi.StringMap {
	digest := text.ApplyT(sha256Hex).(pulumi.StringOutput)
	return pulumi.StringMap{secretsAnnotation: pulumi.Unsecret(digest).(pulumi.StringOutput)}
}

// besideKept is a volume of the entries items of the Secret own, and of the one that others keep, as the file of that name.
func besideKept(volume string, own pulumi.StringInput, items corev1.KeyToPathArray, kept Kept, file string) corev1.VolumeArgs {
	return corev1.VolumeArgs{Name: pulumi.String(volume), Projected: corev1.ProjectedVolumeSourceArgs{
		DefaultMode: pulumi.Int(groupReads),
		Sources: corev1.VolumeProjectionArray{
			corev1.VolumeProjectionArgs{Secret: corev1.SecretProjectionArgs{Name: own.ToStringOutput().ToStringPtrOutput(), Items: items}},
			corev1.VolumeProjectionArgs{Secret: corev1.SecretProjectionArgs{
				Name:  pulumi.String(kept.Secret),
				Items: corev1.KeyToPathArray{corev1.KeyToPathArgs{Key: pulumi.String(kept.Key), Path: pulumi.String(file)}},
			}},
		},
	}}
}
