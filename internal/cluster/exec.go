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
	"k8s.io/client-go/util/exec"
)

// Exec runs a command in a container of a running pod, as `kubectl exec` does: over a WebSocket, or over SPDY if the API
// server or a proxy before it rejects that. stdin may be nil. The error contains what the command wrote to its standard
// error, and the reason if the command has not exited.
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
	return failure(err, stderr.String(), pod, command)
}

// failure returns the error of a command. If the command has exited, its standard error is the reason. Otherwise the reason is err, such
// as a lost connection, and the standard error shows how far the command got.
func failure(err error, stderr string, pod Object, command []string) error {
	if err == nil {
		return nil
	}
	message := strings.TrimSpace(stderr)
	if exited := (exec.CodeExitError{}); message != "" && errors.As(err, &exited) {
		return errors.New(message)
	}
	err = fmt.Errorf("running %s in %s: %w", strings.Join(command, " "), pod, err)
	if message != "" {
		return fmt.Errorf("%s\n%w", message, err)
	}
	return err
}
