package e2e

import (
	"fmt"
	"testing"
	"time"
)

// unless is empty if got is what was wanted, and tells both otherwise.
func unless(got, want string) string {
	if got == want {
		return ""
	}
	return fmt.Sprintf("got %q, want %q", got, want)
}

// eventually tries until there is nothing left to complain about.
func eventually(t *testing.T, limit time.Duration, complaint func() string) {
	t.Helper()
	said := ""
	for until := time.Now().Add(limit); time.Now().Before(until); time.Sleep(time.Second) {
		if said = complaint(); said == "" {
			return
		}
	}
	t.Errorf("after %v still: %s", limit, said)
}
