package kubeconfig

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
)

// Client reads objects from an API server by path.
type Client struct{ rest.Interface }

// NewClient sets the timeout of each request and removes the rate limit: client-go's limit of 5 requests/s is meant for
// controllers.
func NewClient(config *rest.Config, timeout time.Duration) (Client, error) {
	config = rest.CopyConfig(config)
	config.Timeout, config.QPS = timeout, -1
	client, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return Client{}, fmt.Errorf("client of the cluster: %w", err)
	}
	return Client{client.RESTClient()}, nil
}

// Get reads one object or a list. Parameters are pairs, such as "labelSelector", "app=backend". Errors are those of
// the API server, unwrapped, for use with apierrors.
func (c Client) Get(ctx context.Context, path string, into any, parameters ...string) error {
	request := c.Interface.Get().AbsPath(path).SetHeader("Accept", "application/json")
	for i := 0; i+1 < len(parameters); i += 2 {
		request = request.Param(parameters[i], parameters[i+1])
	}
	result := request.Do(ctx)
	if err := result.Error(); err != nil { // with the message of the API server, which Raw omits
		return err //nolint:wrapcheck // see above
	}
	text, err := result.Raw()
	if err != nil {
		return err //nolint:wrapcheck // see above
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("the response to %s can't be parsed: %w", path, err)
	}
	return nil
}

// List reads the items of a list.
func List[T any](ctx context.Context, c Client, path string, parameters ...string) ([]T, error) {
	var list struct {
		Items []T `json:"items"`
	}
	err := c.Get(ctx, path, &list, parameters...)
	return list.Items, err
}
