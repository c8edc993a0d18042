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

// Certificates checks those that the cluster keeps: the Secrets that others write, and cert-manager's issuer. It warns of one that
// ends soon, and of what the user of the kubeconfig may not read. Values are never part of a message.
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

// keeper looks at what others keep.
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

// secret looks at a Secret of the namespace, and has its content checked.
func (k *keeper) secret(ctx context.Context, key, name string, check func(map[string][]byte) (time.Time, []error)) error {
	namespace := k.config.Namespace
	subject := fmt.Sprintf("%s %q", key, name)
	secret, err := k.core.Secrets(namespace).Get(ctx, name, metav1.GetOptions{})
	switch {
	case apierrors.IsForbidden(err):
		k.warn("%s: the user of the kubeconfig may not read Secrets in the namespace %s, so the certificate is not checked", subject, namespace)
		return nil
	case apierrors.IsNotFound(err):
		return fmt.Errorf("%s: the cluster at %s has no Secret %s in the namespace %s: have it written there first (a namespace that you create for it is taken in by `make adopt`)", subject, k.client.Host, name, namespace)
	case err != nil:
		return fmt.Errorf("%s: the cluster at %s does not show Secret %s/%s: %w", subject, k.client.Host, namespace, name, err)
	}
	if key == "tls.secretName" && secret.Type != corev1.SecretTypeTLS {
		return fmt.Errorf("%s: Secret %s/%s is of the type %s, not %s: have it written anew as such a one", subject, namespace, name, secret.Type, corev1.SecretTypeTLS)
	}
	ends, wrong := check(secret.Data)
	if soon := certificate.Soon(ends, k.now); soon != "" {
		k.warn("%s %s", subject, soon)
	}
	for i, err := range wrong {
		wrong[i] = fmt.Errorf("%s: Secret %s/%s: %w", subject, namespace, name, err)
	}
	return errors.Join(wrong...)
}

func (k *keeper) server(data map[string][]byte) (time.Time, []error) {
	if lacks := missing(data, corev1.TLSCertKey, corev1.TLSPrivateKeyKey); lacks != nil {
		return time.Time{}, lacks
	}
	return certificate.CheckServer(string(data[corev1.TLSCertKey]), string(data[corev1.TLSPrivateKeyKey]), k.config.Hosts(), k.now)
}

// database checks the authority where the mode looks at it, and the client's certificate where there is one.
func (k *keeper) database(data map[string][]byte) (ends time.Time, errs []error) {
	if strings.HasPrefix(k.config.Database.SSLMode, "verify-") {
		if lacks := missing(data, corev1.ServiceAccountRootCAKey); lacks != nil {
			return ends, lacks
		}
		ends, errs = certificate.CheckAuthorities(string(data[corev1.ServiceAccountRootCAKey]), k.now)
	}
	chain, key := data[corev1.TLSCertKey], data[corev1.TLSPrivateKeyKey]
	if len(chain) == 0 && len(key) == 0 {
		return ends, errs
	}
	if lacks := missing(data, corev1.TLSCertKey, corev1.TLSPrivateKeyKey); lacks != nil {
		return ends, append(errs, lacks...)
	}
	own, wrong := certificate.CheckClient(string(chain), string(key), k.now)
	if ends.IsZero() || own.Before(ends) {
		ends = own
	}
	return ends, append(errs, wrong...)
}

// missing says which keys a Secret lacks, and which it has.
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
