package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Kinds that this package or its callers treat specially.
var (
	NamespaceKind = schema.GroupVersionKind{Version: "v1", Kind: "Namespace"}
	ClaimKind     = schema.GroupVersionKind{Version: "v1", Kind: "PersistentVolumeClaim"}
	ServiceKind   = schema.GroupVersionKind{Version: "v1", Kind: "Service"}
	PodKind       = schema.GroupVersionKind{Version: "v1", Kind: "Pod"}
)

// automatic are kinds whose objects Kubernetes creates and deletes by itself.
var automatic = []schema.GroupKind{
	{Kind: "Event"}, {Group: "events.k8s.io", Kind: "Event"}, {Group: "coordination.k8s.io", Kind: "Lease"},
	{Kind: "Endpoints"}, {Group: "discovery.k8s.io", Kind: "EndpointSlice"},
	{Group: "metrics.k8s.io", Kind: "PodMetrics"}, {Kind: "Binding"},
}

// Contents lists the objects that users created in a namespace. It excludes the objects that Kubernetes creates in
// every namespace, and objects with an owner. It fails without permission to list a kind, because such objects may
// exist.
func (c *Client) Contents(ctx context.Context, namespace string) ([]unstructured.Unstructured, error) {
	kinds := c.listable(true)
	found, errs := make([][]unstructured.Unstructured, len(kinds)), make([]error, len(kinds))
	var wg sync.WaitGroup
	for i, kind := range kinds {
		wg.Go(func() {
			found[i], errs[i] = c.List(ctx, kind, namespace)
			if isNotFound(errs[i]) || apierrors.IsMethodNotSupported(errs[i]) {
				errs[i] = nil
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("contents of namespace %s: %w", namespace, err)
	}
	return slices.DeleteFunc(slices.Concat(found...), func(o unstructured.Unstructured) bool {
		return metav1.GetControllerOf(&o) != nil || len(o.GetOwnerReferences()) > 0 || inEveryNamespace(&o)
	}), nil
}

// inEveryNamespace reports whether Kubernetes creates an object of this name in every namespace.
func inEveryNamespace(o *unstructured.Unstructured) bool {
	switch o.GetKind() {
	case "ServiceAccount":
		return o.GetName() == "default"
	case "ConfigMap":
		return o.GetName() == "kube-root-ca.crt"
	case "Service":
		return o.GetNamespace() == metav1.NamespaceDefault && o.GetName() == "kubernetes"
	default:
		return false
	}
}

// OfGroup returns the kinds of an API group that can be listed.
func (c *Client) OfGroup(group string) []schema.GroupVersionKind {
	return slices.DeleteFunc(append(c.listable(true), c.listable(false)...), func(k schema.GroupVersionKind) bool { return k.Group != group })
}

// listable returns the kinds that can be listed, in the preferred version of their group.
func (c *Client) listable(namespaced bool) []schema.GroupVersionKind {
	var kinds []schema.GroupVersionKind
	for _, group := range c.Groups {
		version := group.Group.PreferredVersion.Version
		for _, r := range group.VersionedResources[version] {
			kind := schema.GroupVersionKind{Group: group.Group.Name, Version: version, Kind: r.Kind}
			if r.Namespaced == namespaced && slices.Contains(r.Verbs, "list") && !strings.Contains(r.Name, "/") && !slices.Contains(automatic, kind.GroupKind()) {
				kinds = append(kinds, kind)
			}
		}
	}
	return kinds
}

func isNotFound(err error) bool { return apierrors.IsNotFound(err) || meta.IsNoMatchError(err) }
