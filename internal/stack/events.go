package stack

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
)

// FollowEvents calls note for each event of the engine, and onTick at each tick, until ended is closed. Without ticks, nil, onTick is
// not called.
func FollowEvents(stream <-chan events.EngineEvent, ended <-chan struct{}, note func(events.EngineEvent), ticks <-chan time.Time, onTick func()) {
	for {
		select {
		case e, more := <-stream:
			if !more {
				stream = nil // the engine has closed it
				continue
			}
			note(e)
		case <-ended:
			return
		case <-ticks:
			onTick()
		}
	}
}

// RecordEvents runs an operation of the engine and calls note for each of its events. The operation sends its events to stream and
// its output to printed, which goes to log only if the operation fails.
func RecordEvents(log io.Writer, note func(events.EngineEvent), operation func(stream chan<- events.EngineEvent, printed io.Writer) error) error {
	stream, ended := make(chan events.EngineEvent), make(chan struct{})
	var reading sync.WaitGroup
	reading.Go(func() { FollowEvents(stream, ended, note, nil, nil) })
	var printed bytes.Buffer
	err := operation(stream, &printed)
	close(ended)
	reading.Wait()
	if err != nil {
		_, logged := printed.WriteTo(log)
		return errors.Join(err, logged)
	}
	return err
}
