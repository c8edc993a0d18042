"""A gthread worker that assigns a thread to a connection only when a whole request has arrived.

Gunicorn's gthread worker assigns a thread before the first byte and reads the request without a timeout: as
many silent, slow or vanished clients as threads block a worker. Here a connection waits in the poller, with
timeouts, until a whole request has arrived.
"""

from __future__ import annotations

import contextlib
import fcntl
import socket
import sys
import termios
import time
from functools import partial
from itertools import islice
from selectors import EVENT_READ
from typing import TYPE_CHECKING

from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from .arrival import CONTINUE, Arrival, Arrived, is_whole

if TYPE_CHECKING:
    from concurrent.futures import Future

    from gunicorn.http.message import Request

# Seconds that a request may take to arrive: between two pieces, and in total. The total is less than
# graceful_timeout, so that a request that has begun before the shutdown is served.
BETWEEN_PIECES, ARRIVAL = 10, 20
# Seconds that a client has to close a connection after this side has closed it. Without them the kernel would
# answer further data with a reset, and the client's kernel would then discard the response.
LINGER = 2
# Bytes: of the largest body (production.py's MAX_CONTENT_LENGTH), of all requests that a worker holds, of
# what a client may still send during LINGER, and of one read.
LARGEST_BODY, MOST_HELD, MOST_DRAINED, PIECE = 256 * 1024, 8 * 1024 * 1024, 1024 * 1024, 64 * 1024
# Bytes of earlier responses that may be unread in the kernel's buffer when a client sends another request,
# and the number of requests of a connection between two checks. A large response then still fits into the
# buffer, so no thread waits for a client that does not read.
MOST_UNREAD, REQUESTS_UNSEEN = 64 * 1024, 4
# Timed-out connections that one round of the loop closes. Each takes 35 µs, and requests wait meanwhile.
CLOSINGS = 10
# Seconds between two warnings; without a limit there would be thousands.
WARNING_PAUSE = 60


class WaitingWorker(ThreadWorker):
    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        self._waiting: dict[TConn, None] = {}  # in the order of their waiting time, longest first
        self._held = 0  # bytes of requests
        self._look_at_deadlines = self._warn_again = 0.0

    def enqueue_req(self, conn: TConn) -> None:
        """Gunicorn calls it with each accepted connection."""
        conn.parser = RequestParser(self.cfg, (), conn.client)
        conn.parser.unreader = Arrived()
        conn.initialized = conn.data_ready = True
        conn.held, conn.drain, conn.polled = 0, 0, False
        if len(self._waiting) >= self.cfg.worker_connections:
            self.close_longest_waiting(f"worker_connections ({self.cfg.worker_connections}) is reached")
        self._wait(conn)
        self._read(conn, conn.sock)

    def _wait(self, conn: TConn) -> None:
        """Register the connection in the poller until the next request."""
        conn.arrival = None
        conn.deadline = time.monotonic() + (self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER)
        self._waiting[conn] = None
        if not conn.polled:
            conn.polled = True
            # The descriptor may belong to a connection that its thread has closed after a failed response.
            with contextlib.suppress(KeyError):
                self.poller.unregister(conn.sock.fileno())
            self.poller.register(conn.sock, EVENT_READ, partial(self._read, conn))

    def _read(self, conn: TConn, sock: socket.socket) -> None:
        if conn not in self._waiting:  # a connection stays registered while it is served
            self._leave_poller(conn)
            return
        try:
            data = sock.recv(PIECE, socket.MSG_DONTWAIT)
        except BlockingIOError:  # no data after all
            return
        except OSError:  # as if the client had closed it
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
        """Add a piece of a request; if it is whole, pass it to a thread."""
        conn.held += len(data)
        self._held += len(data)
        if not conn.arrival:
            if is_whole(data):
                self._serve(conn, data, whole=True)
                return
            conn.arrival, conn.latest = Arrival(self.cfg, LARGEST_BODY), time.monotonic() + ARRIVAL
        arrival = conn.arrival
        if arrival.add(data):
            self._serve(conn, bytes(arrival.data), whole=arrival.whole)
            return
        conn.deadline = min(time.monotonic() + BETWEEN_PIECES, conn.latest)
        if arrival.continue_due:
            arrival.continue_due = False
            with contextlib.suppress(OSError):  # without it the client sends the body anyway, or closes
                conn.sock.send(CONTINUE, socket.MSG_DONTWAIT)
        if self._held > MOST_HELD:
            self.close_longest_waiting(f"requests hold more than {MOST_HELD} bytes", with_data=True)

    def _serve(self, conn: TConn, data: bytes, *, whole: bool) -> None:
        conn.whole, conn.parser.unreader.data = whole, data
        if (
            conn.parser.req_count % REQUESTS_UNSEEN == REQUESTS_UNSEEN - 1
            and _unread(conn.sock) > MOST_UNREAD
        ):
            self._close(conn)
            return
        del self._waiting[conn]
        super().enqueue_req(conn)

    def _leave_poller(self, conn: TConn) -> None:
        if conn.polled:
            conn.polled = False
            with contextlib.suppress(KeyError, ValueError):  # its thread has closed it
                self.poller.unregister(conn.sock)

    def _close(self, conn: TConn) -> None:
        del self._waiting[conn]
        self._leave_poller(conn)
        self._held -= conn.held
        self.nr_conns -= 1
        conn.close()

    def close_longest_waiting(self, reason: str, *, with_data: bool = False) -> None:
        """Close one connection; `with_data`: one whose request has arrived in part."""
        longest = next((conn for conn in self._waiting if conn.held or not with_data), None)
        if longest:
            self._close(longest)
        if time.monotonic() >= self._warn_again:
            self._warn_again = time.monotonic() + WARNING_PAUSE
            self.log.warning("closing the connections with the longest waiting time: %s", reason)

    def murder_pending(self) -> None:
        """Gunicorn calls it in each round of its loop, to close connections that have timed out."""
        now = time.monotonic()
        if now < self._look_at_deadlines:
            return
        timed_out = list(islice((conn for conn in self._waiting if conn.deadline <= now), CLOSINGS))
        for conn in timed_out:
            self._close(conn)
        if len(timed_out) < CLOSINGS:
            self._look_at_deadlines = now + 0.5
        else:  # there may be more: the next round, which begins at once, closes them
            self.method_queue.defer(lambda: None)

    def _cap_keepalive(self, deadline: float) -> None:
        """Gunicorn calls it on shutdown, so that idle connections do not delay the exit."""
        for conn in self._waiting:
            if not conn.arrival:
                conn.deadline = min(conn.deadline, deadline)

    def handle_request(self, req: Request, conn: TConn) -> bool:
        req._expected_100_continue = False  # the body has arrived
        if not conn.whole:
            req.force_close()
        try:
            return super().handle_request(req, conn)
        except BlockingIOError:  # SO_SNDTIMEO (gunicorn.conf.py): the client does not read the response
            return False

    def finish_request(self, conn: TConn, fs: Future[bool]) -> None:
        """Gunicorn calls it in its loop when a thread has finished a request."""
        self._held -= conn.held
        conn.held = 0
        unreader = conn.parser.unreader
        self._wait(conn)
        if not fs.cancelled() and not fs.exception() and fs.result() and not unreader.asked_for_more:
            if unreader.buf.getvalue():  # data of the next request
                self._take(conn, unreader.take_buffered())
            return
        conn.deadline, conn.drain = time.monotonic() + LINGER, MOST_DRAINED
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:  # the client has closed it
            self._close(conn)


def _unread(sock: socket.socket) -> int:
    """Bytes that were sent and that the client's kernel has not acknowledged."""
    return int.from_bytes(fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)), sys.byteorder)
