package stacktest

import (
	"errors"
	"testing"
)

// recorder counts the failures that a test would report.
type recorder struct {
	testing.TB

	failures int
}

func (*recorder) Helper() {}

func (r *recorder) Errorf(string, ...any) { r.failures++ }

func TestCheckErrorRequiresEachWord(t *testing.T) {
	err := errors.New("backend.replicas 0 is too few")
	for name, row := range map[string]struct {
		err      error
		words    []string
		failures int
	}{
		"no error, none wanted":    {nil, nil, 0},
		"an error, none wanted":    {err, nil, 1},
		"no error, a word wanted":  {nil, []string{"replicas"}, 1},
		"all words":                {err, []string{"replicas", "too few"}, 0},
		"one of two words":         {err, []string{"replicas", "too many"}, 1},
		"no error, an empty word":  {nil, []string{""}, 1},
		"none of two wanted words": {err, []string{"port", "too many"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{TB: t}
			CheckError(r, row.err, row.words...)
			if r.failures != row.failures {
				t.Errorf("%d failures, want %d", r.failures, row.failures)
			}
		})
	}
}
