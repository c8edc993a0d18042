"""Gunicorn's threaded worker, in which a connection has a thread only while a whole request is served.

Upstream's gives a connection a thread before its first byte, and waits there for the rest of a request
without a limit: as many clients as there are threads, silent, slow or gone, stop a worker. Here a connection
waits in the poller until a whole request has arrived, and has limits of time there.
"""

from __future__ import annotations

import contextlib
import socket
import time
from functools import partial
from selectors import EVENT_READ
from typing import TYPE_CHECKING

from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from .arrival import CONTINUE, Arrival, Arrived

if TYPE_CHECKING:
    from concurrent.futures import Future

    from gunicorn.http.message import Request

# Seconds that a request may take to arrive: between two pieces of it, and in all. The second is less than
# graceful_timeout, so that a request that began before the end is answered.
BETWEEN_PIECES, ARRIVAL = 10, 20
# Seconds for a client to take an answer that is larger than the kernel's buffer (gunicorn.conf.py).
TAKING = 5
# Seconds for a client to close a connection that is closed on this side. Without them, what the client still
# sends would be answered with a reset, which makes its kernel throw the answer away.
LINGER = 2
# Bytes: of the largest body (production.py's MAX_CONTENT_LENGTH), of all requests that a worker holds until
# they are answered, of what a client may still send meanwhile (LINGER), and of what is read at once.
LARGEST_BODY, MOST_HELD, MOST_DRAINED, PIECE = 256 * 1024, 8 * 1024 * 1024, 1024 * 1024, 64 * 1024
# Seconds between two warnings, of which there would be thousands.
WARNING_PAUSE = 60


class WaitingWorker(ThreadWorker):
    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        self._waiting: dict[TConn, None] = {}  # the one that has waited longest comes first
        self._held = 0  # bytes of requests
        self._look_at_deadlines = self._warn_again = 0.0

    def enqueue_req(self, conn: TConn) -> None:
        """What upstream calls with a connection that it has just accepted."""
        conn.parser = RequestParser(self.cfg, (), conn.client)
        conn.parser.unreader = Arrived()
        conn.initialized = conn.data_ready = True
        if len(self._waiting) >= self.cfg.worker_connections:
            self.close_longest_waiting(f"worker_connections ({self.cfg.worker_connections}) wait already")
        self._wait(conn)
        self._read(conn, conn.sock)

    def _wait(self, conn: TConn) -> None:
        """Let it wait in the poller for the next request."""
        conn.arrival, conn.drain = Arrival(self.cfg, LARGEST_BODY), 0
        conn.deadline = time.monotonic() + (self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER)
        conn.sock.setblocking(False)
        self._waiting[conn] = None
        self.poller.register(conn.sock, EVENT_READ, partial(self._read, conn))

    def _read(self, conn: TConn, sock: socket.socket) -> None:
        try:
            data = sock.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(conn)
        elif not conn.drain:
            self._take(conn, data)
        elif len(data) < conn.drain:
            conn.drain -= len(data)
        else:
            self._close(conn)

    def _take(self, conn: TConn, data: bytes) -> None:
        """Add a piece of a request; if that makes it whole, give it to a thread."""
        arrival, now = conn.arrival, time.monotonic()
        if not arrival.data:
            conn.latest = now + ARRIVAL
        self._held += len(data)
        if arrival.add(data):
            self._leave(conn)
            conn.parser.unreader.unread(bytes(arrival.data))
            super().enqueue_req(conn)
            return
        conn.deadline = min(now + BETWEEN_PIECES, conn.latest)
        if arrival.continue_due:
            arrival.continue_due = False
            with contextlib.suppress(OSError):
                conn.sock.send(CONTINUE)
        if self._held > MOST_HELD:
            self.close_longest_waiting(f"requests hold more than {MOST_HELD} bytes", with_data=True)

    def _leave(self, conn: TConn) -> None:
        del self._waiting[conn]
        self.poller.unregister(conn.sock)

    def _close(self, conn: TConn) -> None:
        self._leave(conn)
        self._held -= len(conn.arrival.data)
        self.nr_conns -= 1
        conn.close()

    def close_longest_waiting(self, reason: str, *, with_data: bool = False) -> None:
        """Make room; `with_data`: of those of whose request something has arrived."""
        longest = next((conn for conn in self._waiting if conn.arrival.data or not with_data), None)
        if longest:
            self._close(longest)
        if time.monotonic() >= self._warn_again:
            self._warn_again = time.monotonic() + WARNING_PAUSE
            self.log.warning("closing the connections that have waited longest: %s", reason)

    def murder_pending(self) -> None:
        """What upstream calls in each round of its loop, to close connections whose time is over."""
        now = time.monotonic()
        if now >= self._look_at_deadlines:
            self._look_at_deadlines = now + 0.5
            for conn in [conn for conn in self._waiting if conn.deadline <= now]:
                self._close(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """What upstream calls when it begins to end, so that connections at rest don't keep it."""
        for conn in self._waiting:
            if not conn.arrival.data:
                conn.deadline = min(conn.deadline, deadline)

    def handle_request(self, req: Request, conn: TConn) -> bool:
        req._expected_100_continue = False  # the body is here
        if not conn.arrival.whole:
            req.force_close()
        conn.sock.settimeout(TAKING)
        try:
            return super().handle_request(req, conn)
        except TimeoutError:
            return False

    def handle_error(self, req: Request, client: socket.socket, addr: object, exc: Exception) -> None:
        client.settimeout(TAKING)
        super().handle_error(req, client, addr, exc)

    def finish_request(self, conn: TConn, fs: Future[bool]) -> None:
        """What upstream calls in its loop when a thread is done with a request."""
        self._held -= len(conn.arrival.data)
        if conn.sock.fileno() < 0:  # upstream closes it when an answer fails half-way
            self.nr_conns -= 1
            return
        unreader = conn.parser.unreader
        keep = not fs.cancelled() and not fs.exception() and fs.result() and not unreader.asked_for_more
        self._wait(conn)
        if keep:
            if rest := unreader.take_buffered():  # of the next request
                self._take(conn, rest)
            return
        conn.deadline, conn.drain = time.monotonic() + LINGER, MOST_DRAINED
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:  # the client is gone
            self._close(conn)
