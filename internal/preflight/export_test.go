package preflight

import (
	"testing"
	"time"
)

// Limit shortens the time limit of the checks.
func Limit(t *testing.T, limit time.Duration) {
	t.Helper()
	before := timeout
	timeout = limit
	t.Cleanup(func() { timeout = before })
}
