package review

import (
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
)

// A step is logged with its seconds, as tools/bench/review.sh reads them, and its error is returned.
func TestSteps(t *testing.T) {
	var log strings.Builder
	if err := newSteps(&log).run("preview of dev at the working tree", func() error { return io.EOF }); !errors.Is(err, io.EOF) {
		t.Errorf("the error is %v", err)
	}
	if got := log.String(); !regexp.MustCompile(`^ +[0-9]+\.[0-9] s  preview of dev at the working tree\n$`).MatchString(got) {
		t.Errorf("logged %q", got)
	}
}
