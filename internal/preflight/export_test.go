package preflight

import (
	"testing"
	"time"
)

// Limit has the checks give up earlier.
func Limit(t *testing.T, limit time.Duration) {
	t.Helper()
	before := timeout
	timeout = limit
	t.Cleanup(func() { timeout = before })
}
