package cluster

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"

	"hankki/internal/kubeconfig"
)

// requestTimeout is the limit of one request.
const requestTimeout = 20 * time.Second

// Client is a client of one cluster.
type Client struct {
	Context string       // context of the kubeconfig; empty: the current context
	Host    string       // address of the API server
	Config  *rest.Config // of further clients
	Dynamic dynamic.Interface
	Groups  []*restmapper.APIGroupResources // the API resources at the time of Connect
	Mapper  meta.RESTMapper
	REST    rest.Interface // for the Service proxy and for Exec
}

// Connect reads the kubeconfig and discovers the cluster's API resources. warn receives the API server's warnings;
// nil discards them.
func Connect(kubeContext string, warn rest.WarningHandler) (*Client, error) {
	config, err := kubeconfig.Load(kubeContext)
	if err != nil {
		return nil, err
	}
	config.Timeout, config.QPS, config.Burst = requestTimeout, 100, 200
	config.WarningHandler = warn
	if warn == nil {
		config.WarningHandler = rest.NoWarnings{}
	}
	api, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("kubeContext %q: %w", kubeContext, err)
	}
	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("kubeContext %q: %w", kubeContext, err)
	}
	groups, err := restmapper.GetAPIGroupResources(api)
	if err != nil {
		return nil, fmt.Errorf("kubeContext %q: the cluster at %s does not respond: %w; start it, or choose another with KUBECONFIG or hankki:kubeContext",
			kubeContext, config.Host, err)
	}
	return &Client{
		Context: kubeContext, Host: config.Host, Config: config, Dynamic: objects, Groups: groups,
		Mapper: restmapper.NewDiscoveryRESTMapper(groups), REST: api.RESTClient(),
	}, nil
}

// UID identifies the cluster. It is the UID of the namespace kube-system.
func (c *Client) UID(ctx context.Context) (string, error) {
	system, err := c.Get(ctx, Object{Kind: schema.GroupVersionKind{Version: "v1", Kind: "Namespace"}, Name: "kube-system"})
	if err != nil {
		return "", fmt.Errorf("kubeContext %q: reading the UID of the cluster at %s: %w", c.Context, c.Host, err)
	}
	return string(system.GetUID()), nil
}

// Resource returns the client for the object's kind and namespace.
func (c *Client) Resource(o Object) (dynamic.ResourceInterface, error) {
	mapping, err := c.Mapper.RESTMapping(o.Kind.GroupKind(), o.Kind.Version)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o, err)
	}
	if mapping.Scope.Name() == meta.RESTScopeNameRoot {
		return c.Dynamic.Resource(mapping.Resource), nil
	}
	return c.Dynamic.Resource(mapping.Resource).Namespace(o.Namespace), nil
}

// Get reads the object. Its error is wrapped, so apierrors.IsNotFound and similar functions work on it.
func (c *Client) Get(ctx context.Context, o Object) (*unstructured.Unstructured, error) {
	resource, err := c.Resource(o)
	if err != nil {
		return nil, err
	}
	live, err := resource.Get(ctx, o.Name, metav1.GetOptions{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o, err)
	}
	return live, nil
}

// Selected reads the objects of a kind in a namespace that have the labels of the selector, for example "a=b".
func (c *Client) Selected(ctx context.Context, kind schema.GroupVersionKind, namespace, selector string) ([]unstructured.Unstructured, error) {
	resource, err := c.Resource(Object{Kind: kind, Namespace: namespace})
	if err != nil {
		return nil, err
	}
	list, err := resource.List(ctx, metav1.ListOptions{LabelSelector: selector})
	if err != nil {
		return nil, fmt.Errorf("listing %s with %s: %w", kind.Kind, selector, err)
	}
	return list.Items, nil
}

// List reads the objects of a kind in a namespace; empty means all namespaces.
func (c *Client) List(ctx context.Context, kind schema.GroupVersionKind, namespace string) ([]unstructured.Unstructured, error) {
	resource, err := c.Resource(Object{Kind: kind, Namespace: namespace})
	if err != nil {
		return nil, err
	}
	list, err := resource.List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", kind.Kind, err)
	}
	return list.Items, nil
}

// Name returns the identity of an object.
func Name(live *unstructured.Unstructured) Object {
	return Object{Kind: live.GroupVersionKind(), Namespace: live.GetNamespace(), Name: live.GetName()}
}

// NotFound reports whether an error means that the object or its kind does not exist.
func NotFound(err error) bool { return isNotFound(err) }

// Answers sends GET / to the pods of a Service through the API server's proxy. Any response from the pod counts,
// including 404. It returns an error for 401, 403 and 5xx, and if no response arrives.
func (c *Client) Answers(ctx context.Context, service Object, port string) error {
	var code int
	err := c.REST.Get().AbsPath("/api/v1/namespaces", service.Namespace, "services", service.Name+":"+port, "proxy/").Do(ctx).StatusCode(&code).Error()
	switch {
	case code >= 200 && code < 500 && code != http.StatusUnauthorized && code != http.StatusForbidden:
		return nil
	case err != nil:
		return fmt.Errorf("%s, port %s: %w", service, port, err)
	default:
		return fmt.Errorf("%s, port %s: code %d", service, port, code)
	}
}
