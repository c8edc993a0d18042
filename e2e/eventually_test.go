package e2e

import (
	"fmt"
	"testing"
	"time"
)

// unless returns an empty text if got equals want, otherwise both values.
func unless(got, want string) string {
	if got == want {
		return ""
	}
	return fmt.Sprintf("got %q, want %q", got, want)
}

// eventually calls problem each second until it returns an empty text, and fails the test after limit.
func eventually(t *testing.T, limit time.Duration, problem func() string) {
	t.Helper()
	last := ""
	for until := time.Now().Add(limit); time.Now().Before(until); time.Sleep(time.Second) {
		if last = problem(); last == "" {
			return
		}
	}
	t.Errorf("after %v still: %s", limit, last)
}
