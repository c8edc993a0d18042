package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/remotecommand"
)

// Exec runs a command in a container of a running pod, as `kubectl exec` does: over a WebSocket, or over SPDY if the API
// server or a proxy before it rejects that. stdin may be nil. The error contains what the command wrote to its standard
// error.
func (c *Client) Exec(ctx context.Context, pod Object, container string, command []string, stdin io.Reader, stdout io.Writer) error {
	url := c.REST.Post().AbsPath("/api/v1/namespaces", pod.Namespace, "pods", pod.Name, "exec").Timeout(0).SpecificallyVersionedParams(&corev1.PodExecOptions{
		Container: container, Command: command, Stdin: stdin != nil, Stdout: true, Stderr: true,
	}, scheme.ParameterCodec, corev1.SchemeGroupVersion).URL() // the REST client of discovery has no version
	config := *c.Config
	config.Timeout = 0 // the stream lasts as long as the command
	webSocket, err := remotecommand.NewWebSocketExecutor(&config, "GET", url.String())
	if err != nil {
		return fmt.Errorf("%s: %w", pod, err)
	}
	spdy, err := remotecommand.NewSPDYExecutor(&config, "POST", url)
	if err != nil {
		return fmt.Errorf("%s: %w", pod, err)
	}
	either, err := remotecommand.NewFallbackExecutor(webSocket, spdy, func(err error) bool {
		return httpstream.IsUpgradeFailure(err) || httpstream.IsHTTPSProxyError(err)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", pod, err)
	}
	var stderr strings.Builder
	err = either.StreamWithContext(ctx, remotecommand.StreamOptions{Stdin: stdin, Stdout: stdout, Stderr: &stderr})
	if message := strings.TrimSpace(stderr.String()); err != nil && message != "" {
		return errors.New(message)
	}
	if err != nil {
		return fmt.Errorf("running %s in %s: %w", strings.Join(command, " "), pod, err)
	}
	return nil
}
