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

// timeout bounds all checks together. What is not there refuses at once; only what is slow, or behind a network that drops packets,
// takes that long, so it is generous for a busy machine.
var timeout = 15 * time.Second

// Slow gives the error of a check that ran into the limit another text, for nothing is known then to be missing, forbidden or wrong. Any
// other error stays as it is. What the check found meanwhile stands behind.
func Slow(check string, err error) error {
	if !timedOut(err) {
		return err
	}
	return fmt.Errorf("%s took longer than %v, the limit of the checks before an up: the system that was asked or this machine is busy, or the network between them drops packets; "+
		"nothing has been changed: look at the load of both, then try again (%s)", check, timeout, strings.Join(strings.Fields(err.Error()), " "))
}

// timedOut also knows a server that gave the request up itself.
func timedOut(err error) bool {
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout() ||
		apierrors.IsTimeout(err) || apierrors.IsServerTimeout(err) || apierrors.IsTooManyRequests(err)
}
