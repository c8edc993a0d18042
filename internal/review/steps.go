package review

import (
	"io"
	"log"
	"time"
)

// steps logs the duration of each step of a review. Steps may run concurrently.
type steps struct{ log *log.Logger }

func newSteps(to io.Writer) steps { return steps{log.New(to, "", 0)} }

// run runs the step, and logs its seconds and name, e.g. "  1.4 s  preview of dev at the working tree". A failed step is logged too.
func (s steps) run(name string, step func() error) error {
	began := time.Now()
	err := step()
	s.log.Printf("%5.1f s  %s", time.Since(began).Seconds(), name)
	return err
}
