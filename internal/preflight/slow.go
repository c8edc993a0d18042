package preflight

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// timeout of all checks together. Missing systems refuse immediately; only slow systems, or networks that drop
// packets, take this long, so it is generous for a busy machine.
var timeout = 15 * time.Second

// Slow rewrites the error of a check that reached the time limit, because such an error does not show that a system
// is missing, forbidden or wrong. Other errors are returned unchanged. The original error is appended.
func Slow(check string, err error) error {
	if !timedOut(err) {
		return err
	}
	return fmt.Errorf("%s took longer than %v, the limit of the checks before an up: the requested system or this machine is busy, or the network between them drops packets; "+
		"nothing has changed: check the load of both, then try again (%s)", check, timeout, strings.Join(strings.Fields(err.Error()), " "))
}

// timedOut also recognizes timeouts reported by the server.
func timedOut(err error) bool {
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout() ||
		apierrors.IsTimeout(err) || apierrors.IsServerTimeout(err) || apierrors.IsTooManyRequests(err)
}
