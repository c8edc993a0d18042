package preflight

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	coreclient "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"

	"hankki/internal/certificate"
	"hankki/internal/config"
)

// Certificates checks the certificates in Secrets that others manage, and cert-manager's issuer. It warns of
// certificates that expire soon, and of objects that the user of the kubeconfig may not read. Messages contain no
// values.
func Certificates(ctx context.Context, c *config.Config, client *rest.Config, now time.Time) (warnings []string, err error) {
	k := keeper{config: c, client: client, now: now}
	if c.TLS.SecretName == "" && c.TLS.Issuer.Name == "" && c.Database.SecretName == "" {
		return nil, nil
	}
	if k.core, err = coreclient.NewForConfig(client); err != nil {
		return nil, fmt.Errorf("kubeContext %q: %w", c.KubeContext, err)
	}
	var errs []error
	if c.TLS.SecretName != "" {
		errs = append(errs, k.secret(ctx, "tls.secretName", c.TLS.SecretName, k.server))
	}
	if c.Database.SecretName != "" {
		errs = append(errs, k.secret(ctx, "database.secretName", c.Database.SecretName, k.database))
	}
	if c.TLS.Issuer.Name != "" {
		errs = append(errs, k.issuer(ctx))
	}
	return k.warnings, errors.Join(errs...)
}

// keeper checks objects that others manage.
type keeper struct {
	config   *config.Config
	client   *rest.Config
	core     *coreclient.CoreV1Client
	now      time.Time
	warnings []string
}

func (k *keeper) warn(format string, args ...any) {
	k.warnings = append(k.warnings, fmt.Sprintf(format, args...))
}

// secret reads a Secret of the namespace and checks its content.
func (k *keeper) secret(ctx context.Context, key, name string, check func(map[string][]byte) certificate.Findings) error {
	namespace := k.config.Namespace
	subject := fmt.Sprintf("%s %q", key, name)
	secret, err := k.core.Secrets(namespace).Get(ctx, name, metav1.GetOptions{})
	switch {
	case apierrors.IsForbidden(err):
		k.warn("%s: the user of the kubeconfig may not read Secrets in the namespace %s, so the certificate is not checked", subject, namespace)
		return nil
	case apierrors.IsNotFound(err):
		return fmt.Errorf("%s: the cluster at %s has no Secret %s in the namespace %s: create it there first (if you create the namespace for it, run `make adopt`)", subject, k.client.Host, name, namespace)
	case err != nil:
		return fmt.Errorf("%s: the cluster at %s did not return Secret %s/%s: %w", subject, k.client.Host, namespace, name, err)
	}
	if key == "tls.secretName" && secret.Type != corev1.SecretTypeTLS {
		return fmt.Errorf("%s: Secret %s/%s has the type %s, not %s: create it again with that type", subject, namespace, name, secret.Type, corev1.SecretTypeTLS)
	}
	if secret.Immutable != nil && *secret.Immutable {
		k.warn("%s: Secret %s/%s is immutable, so running pods get no renewed certificate: write each renewal into a Secret with a new name, or the Secret without `immutable`", subject, namespace, name)
	}
	found := check(secret.Data)
	for _, warning := range found.Warnings {
		k.warn("%s %s", subject, warning)
	}
	for i, err := range found.Errors {
		found.Errors[i] = fmt.Errorf("%s: Secret %s/%s: %w", subject, namespace, name, err)
	}
	return errors.Join(found.Errors...)
}

func (k *keeper) server(data map[string][]byte) certificate.Findings {
	if lacks := missing(data, corev1.TLSCertKey, corev1.TLSPrivateKeyKey); lacks != nil {
		return certificate.Findings{Errors: lacks}
	}
	return certificate.CheckServer(string(data[corev1.TLSCertKey]), string(data[corev1.TLSPrivateKeyKey]), k.config.Hosts(), k.now)
}

// database checks the CA if the mode verifies it, and the client's certificate if one is set. Without verification the client's
// certificate is required, because pods mount nothing else.
func (k *keeper) database(data map[string][]byte) (f certificate.Findings) {
	verifies := k.config.Database.SSLMode.Verifies()
	if verifies {
		if f.Errors = missing(data, corev1.ServiceAccountRootCAKey); f.Errors == nil {
			f = certificate.CheckAuthorities(string(data[corev1.ServiceAccountRootCAKey]), k.now)
		}
	}
	chain, key := data[corev1.TLSCertKey], data[corev1.TLSPrivateKeyKey]
	if verifies && len(chain) == 0 && len(key) == 0 {
		return f
	}
	if lacks := missing(data, corev1.TLSCertKey, corev1.TLSPrivateKeyKey); lacks != nil {
		f.Errors = append(f.Errors, lacks...)
		return f
	}
	f.Add(certificate.CheckClient(string(chain), string(key), k.now))
	return f
}

// missing names the keys that a Secret lacks and those that it has.
func missing(data map[string][]byte, keys ...string) []error {
	var lacks []string
	for _, key := range keys {
		if len(data[key]) == 0 {
			lacks = append(lacks, key)
		}
	}
	if len(lacks) == 0 {
		return nil
	}
	return []error{fmt.Errorf("it lacks %s: it has %s", strings.Join(lacks, " and "), keysOf(data))}
}
