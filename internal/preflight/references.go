package preflight

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	coreclient "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"

	"hankki/internal/certificate"
	"hankki/internal/config"
)

// References reads the values of the stack's secret references into c.External, except those of the pull Secret, and rejects
// missing or invalid ones.
// Messages contain no values.
func References(ctx context.Context, c *config.Config, client *rest.Config) error {
	given := slices.DeleteFunc(c.References.Given(), func(r config.SecretReference) bool { return !r.Valid() }) // rejected by package config
	if len(given) == 0 {
		return nil
	}
	core, err := coreclient.NewForConfig(client)
	if err != nil {
		return fmt.Errorf("kubeContext %q: %w", c.KubeContext, err)
	}
	byName := map[string][]config.SecretReference{}
	for _, r := range given {
		byName[r.Name] = append(byName[r.Name], r)
	}
	c.External = map[string]config.Secret{}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		secret, err := core.Secrets(c.Namespace).Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			errs = append(errs, unreadable(err, c, client, byName[name]))
			continue
		}
		for _, r := range byName[name] {
			if r.IsPullSecret() {
				errs = append(errs, pullSecret(ctx, c, r, secret)...)
			} else {
				errs = append(errs, keep(c, r, secret)...)
			}
		}
	}
	return errors.Join(errs...)
}

// unreadable explains why a Secret can't be read, and why it must be. Without its values the program can't tell when
// pods must be replaced.
func unreadable(err error, c *config.Config, client *rest.Config, references []config.SecretReference) error {
	var paths []string
	for _, r := range references {
		paths = append(paths, r.Path())
	}
	subject, name := strings.Join(paths, ", "), references[0].Name
	if apierrors.IsNotFound(err) {
		return fmt.Errorf("%s: the cluster at %s has no Secret %s in the namespace %s: create it there first (if you create the namespace for it, run `make adopt`)", subject, client.Host, name, c.Namespace)
	}
	return fmt.Errorf("%s: the cluster at %s did not return Secret %s/%s: %w; the user of the kubeconfig needs the verb get", subject, client.Host, c.Namespace, name, err)
}

// keep checks one value and stores it.
func keep(c *config.Config, r config.SecretReference, secret *corev1.Secret) (errs []error) {
	value, found := secret.Data[r.Key]
	if !found {
		return []error{lacksKey(c, r, secret)}
	}
	c.External[r.Secret] = config.Secret(value)
	wrong := r.CheckValue(c.External[r.Secret])
	if len(wrong) == 0 {
		wrong = checkPair(c, r.Secret)
	}
	for _, err := range wrong {
		errs = append(errs, fmt.Errorf("%s: Secret %s/%s, key %s: %w", r.Path(), c.Namespace, r.Name, r.Key, err))
	}
	return errs
}

// lacksKey does not print the key, which may be the value by mistake.
func lacksKey(c *config.Config, r config.SecretReference, secret *corev1.Secret) error {
	return fmt.Errorf("%s: Secret %s/%s lacks the key that %[1]s.key names: it has %[4]s", r.Path(), c.Namespace, r.Name, keysOf(secret.Data))
}

// checkPair compares a private key with the certificate in its file, which is checked with the files.
func checkPair(c *config.Config, secret string) []error {
	chain := map[string]string{"tlsKey": c.Files.Certificate, "databaseKey": c.Files.DatabaseCertificate}[secret]
	if chain == "" {
		return nil
	}
	return certificate.CheckKey(chain, c.External[secret].Reveal())
}

// keysOf lists the keys of a Secret.
func keysOf(data map[string][]byte) string {
	if len(data) == 0 {
		return "no keys"
	}
	return "the keys " + strings.Join(slices.Sorted(maps.Keys(data)), ", ")
}
