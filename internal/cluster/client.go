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

// requestTimeout bounds one request.
const requestTimeout = 20 * time.Second

// Client talks to one cluster.
type Client struct {
	Context string // of the kubeconfig; empty: its current one
	Host    string // address of the API server
	Dynamic dynamic.Interface
	Groups  []*restmapper.APIGroupResources // the kinds that the cluster knew when the client was made
	Mapper  meta.RESTMapper
	REST    rest.Interface // for what is not an object: proxies to Services
}

// Connect reads the kubeconfig and asks the cluster which kinds it knows. warn gets what the API server warns of; nil
// discards it.
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
		return nil, fmt.Errorf("kubeContext %q: the cluster at %s does not answer: %w; start it, or choose another by KUBECONFIG or hankki:kubeContext",
			kubeContext, config.Host, err)
	}
	return &Client{
		Context: kubeContext, Host: config.Host, Dynamic: objects, Groups: groups,
		Mapper: restmapper.NewDiscoveryRESTMapper(groups), REST: api.RESTClient(),
	}, nil
}

// UID identifies the cluster: it is that of the namespace kube-system.
func (c *Client) UID(ctx context.Context) (string, error) {
	system, err := c.Get(ctx, Object{Kind: schema.GroupVersionKind{Version: "v1", Kind: "Namespace"}, Name: "kube-system"})
	if err != nil {
		return "", fmt.Errorf("kubeContext %q: the identity of the cluster at %s: %w", c.Context, c.Host, err)
	}
	return string(system.GetUID()), nil
}

// Resource is the client for the object's kind in the object's namespace.
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

// Get reads the object. Its error is wrapped, so apierrors.IsNotFound and the like know it.
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

// List reads the objects of a kind in a namespace, or in all if it is empty.
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

// Name is what an object that was read is called.
func Name(live *unstructured.Unstructured) Object {
	return Object{Kind: live.GroupVersionKind(), Namespace: live.GetNamespace(), Name: live.GetName()}
}

// Gone tells whether an error means that there is no such object, or no such kind any more.
func Gone(err error) bool { return isGone(err) }

// Answers asks the pods behind a Service for "/", by way of the API server, so inside of the cluster. Any page is an answer,
// also one that says "not found"; an error is what a server or the API server says in place of one.
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
