package main

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"syscall"
	"time"
)

// Local ports of connections: outside of the low ones, and none comes back within nine minutes.
const (
	firstPort, ports = 10_000, 55_000
	portsPerSecond   = 100
)

// lastPort counts the ports that this process took.
var lastPort atomic.Int64

// nextPort is the port that the clock names, or the next one if that is taken already. Two runs in a row share no port.
func nextPort(now time.Time) int {
	named := now.UnixMilli() * portsPerSecond / 1000
	for {
		last := lastPort.Load()
		if next := max(named, last+1); lastPort.CompareAndSwap(last, next) {
			return firstPort + int(next%ports)
		}
	}
}

// dial binds each connection to a port of its own. Without a bind, Linux goes back to ports that it used seconds ago.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	for {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{Port: nextPort(time.Now())}, KeepAlive: 30 * time.Second}
		connection, err := dialer.DialContext(ctx, network, address)
		if !errors.Is(err, syscall.EADDRINUSE) {
			return connection, err
		}
	}
}
