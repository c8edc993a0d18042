// Package stacktest provides what the tests of several packages share: a stack's configuration, an engine, a registry, certificates
// and the check of an error. Each function ends the test if it cannot do its work.
package stacktest

import (
	"strings"
	"testing"
)

// CheckError reports a failure unless the error contains all of the words, or, without words, unless it is nil.
func CheckError(tb testing.TB, err error, words ...string) {
	tb.Helper()
	switch {
	case len(words) == 0 && err != nil:
		tb.Errorf("unexpected error: %v", err)
	case len(words) > 0 && err == nil:
		tb.Errorf("no error; want one that contains %q", words)
	case err != nil:
		for _, word := range words {
			if !strings.Contains(err.Error(), word) {
				tb.Errorf("the error does not contain %q:\n%v", word, err)
			}
		}
	}
}
