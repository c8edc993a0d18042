package preflight

import (
	"context"
	"encoding/json"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"hankki/internal/config"
)

// certManager is the API group of cert-manager.
const certManager = "/apis/cert-manager.io/v1"

// issuer checks cert-manager's kinds and the issuer, which hankki does not create. An issuer that is not ready is a
// warning, because the update waits for the certificate.
func (k *keeper) issuer(ctx context.Context) error {
	want := k.config.TLS.Issuer
	subject := fmt.Sprintf("tls.issuer %s %q", want.Kind, want.Name)
	api := k.core.RESTClient()
	err := api.Get().AbsPath(certManager).Do(ctx).Error()
	if apierrors.IsNotFound(err) {
		return fmt.Errorf("%s: the cluster at %s does not know Certificate of cert-manager.io/v1: install cert-manager, or set tls.certFile or tls.secretName", subject, k.client.Host)
	}
	if err != nil {
		return fmt.Errorf("%s: the cluster at %s did not return the kinds of cert-manager.io/v1: %w", subject, k.client.Host, err)
	}
	path := certManager + "/clusterissuers/" + want.Name
	if want.Kind == config.IssuerOfNamespace {
		path = certManager + "/namespaces/" + k.config.Namespace + "/issuers/" + want.Name
	}
	raw, err := api.Get().AbsPath(path).DoRaw(ctx)
	switch {
	case apierrors.IsForbidden(err):
		k.warn("%s: the user of the kubeconfig may not read it, so its existence is not checked", subject)
		return nil
	case apierrors.IsNotFound(err):
		return fmt.Errorf("%s: the cluster at %s has no issuer of that name: see `kubectl get clusterissuers,issuers --all-namespaces`", subject, k.client.Host)
	case err != nil:
		return fmt.Errorf("%s: the cluster at %s did not return it: %w", subject, k.client.Host, err)
	}
	var object struct {
		Status struct {
			Conditions []struct{ Type, Status, Message string }
		}
	}
	if err := json.Unmarshal(raw, &object); err != nil {
		return fmt.Errorf("%s: %w", subject, err)
	}
	for _, condition := range object.Status.Conditions {
		if condition.Type == "Ready" && condition.Status != "True" {
			k.warn("%s is not ready: %s", subject, condition.Message)
		}
	}
	return nil
}
