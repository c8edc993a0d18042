package guardrails

import (
	"encoding/base64"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"hankki/internal/manifest"
)

// secretVariable matches the names of environment variables that hold a secret.
var secretVariable = regexp.MustCompile(`(?i)(PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIALS?|(^|_)(API|PRIVATE|SIGNING|SECRET|ACCESS)_?KEYS?)(_FALLBACKS?)?$`)

// plainSecrets finds values outside a Secret that look like a secret, secrets in other objects, and values of Secrets
// that are not marked as secret in Pulumi.
func plainSecrets(c Change) ([]Violation, error) {
	var found []Violation
	for _, key := range c.PlainSettings {
		found = append(found, Violation{Object: key, Message: "its value is in plain text in the stack's file: change the secret, and set the new value with `pulumi config set --secret`"})
	}
	for _, r := range c.After {
		name, ok := r.Name()
		if !ok {
			continue
		}
		if name.Is("", "Secret") {
			found = append(found, openValues(r)...)
			continue
		}
		inVariables, err := secretVariables(r)
		if err != nil {
			return nil, err
		}
		found = append(found, inVariables...)
		eachText("", r.Object, func(path, text string) {
			switch {
			case strings.HasPrefix(text, manifest.Secret):
				found = append(found, violation(r, "%s is a secret, and every user with read access to the object could read it: move it to a Secret", path))
			case looksSecret(text):
				found = append(found, violation(r, "%s contains a private key or a password in a URL: move it to a Secret", path))
			}
		})
	}
	return found, nil
}

// openValues finds the values of a Secret that the state would contain in plain text. Certificates are public.
func openValues(r manifest.Resource) (found []Violation) {
	for _, field := range []string{"data", "stringData"} {
		values, _ := r.Object[field].(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(values)) {
			text, _ := values[key].(string)
			if text != "" && text != manifest.Unknown && !strings.HasPrefix(text, manifest.Secret) && !isCertificate(text) {
				found = append(found, violation(r, "%s[%s] would be in plain text in the state: mark it as secret with pulumi.ToSecret", field, key))
			}
		}
	}
	return found
}

func secretVariables(r manifest.Resource) (found []Violation, err error) {
	w, ok, err := manifest.WorkloadOf(r)
	if err != nil || !ok {
		return nil, err
	}
	for _, container := range containers(w.Template.Spec) {
		for _, variable := range container.Env {
			if isPlain(variable) {
				found = append(found, violation(r, "the value of variable %s of container %s is in plain text: read it from a Secret", variable.Name, container.Name))
			}
		}
	}
	return found, nil
}

// isPlain excludes placeholders of secrets, which plainSecrets finds in any field.
func isPlain(v corev1.EnvVar) bool {
	return secretVariable.MatchString(v.Name) && v.Value != "" && !strings.HasPrefix(v.Value, manifest.Secret)
}

var privateKey = regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`)

// link matches URLs with a user name and a password in longer text, e.g. in an argument.
var link = regexp.MustCompile(`[a-z][a-z0-9+.-]*://[^\s"'<>]*:[^\s"'<>]*@[^\s"'<>]*`)

// reference matches $(NAME), which Kubernetes replaces by the value of the variable.
var reference = regexp.MustCompile(`\$\([A-Za-z_.-][A-Za-z0-9_.-]*\)`)

// looksSecret reports whether the text contains a private key, or a URL with a password that is not read from a variable. A URL that
// does not parse has a password: its characters must be escaped.
func looksSecret(text string) bool {
	if privateKey.MatchString(text) {
		return true
	}
	for _, found := range link.FindAllString(reference.ReplaceAllString(text, ""), -1) {
		u, err := url.Parse(found)
		if err != nil {
			return true
		}
		if password, _ := u.User.Password(); password != "" {
			return true
		}
	}
	return false
}

func isCertificate(text string) bool {
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err == nil {
		text = string(decoded)
	}
	return strings.HasPrefix(text, "-----BEGIN CERTIFICATE-----") && !privateKey.MatchString(text)
}

// eachText calls visit for each string in the value.
func eachText(path string, value any, visit func(path, text string)) {
	switch v := value.(type) {
	case string:
		visit(path, v)
	case []any:
		for _, item := range v {
			eachText(path, item, visit)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			eachText(strings.TrimPrefix(path+"."+key, "."), v[key], visit)
		}
	}
}
