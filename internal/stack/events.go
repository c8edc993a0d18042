package stack

import (
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
