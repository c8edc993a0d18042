"""A gthread worker that accepts while it has a free thread, and drains the listen backlog on shutdown."""

from __future__ import annotations

import errno
import select
import time
from socket import socket

from .waiting_worker import WaitingWorker


class Worker(WaitingWorker):
    """Accepts by free threads, in turn from two ports, and drains the backlog on shutdown.

    Gunicorn's worker accepts connections while all its threads are busy. With keep-alive, one worker may then
    hold nearly all connections while the other is idle. This worker accepts before a worker without a free
    thread does. With two ports (app/proxies.py) it accepts from each in turn, so that load on one port does
    not delay clients of the other.

    On shutdown, Gunicorn's worker stops accepting but leaves the listening socket open. The kernel still
    completes connections and resets them when the process exits. This worker accepts and serves the
    connections in the backlog, then closes the socket: later clients are refused at once and can safely
    retry on another pod. A client that connects between the last check and the close is still reset. In a
    cluster this does not happen: a pod stops seconds after its removal from the Service (preStop).
    """

    # Seconds after which a worker without a free thread accepts again, because the other may be as busy.
    ACCEPT_PAUSE = 0.05
    _accept_again = 0.0

    @property
    def worker_connections(self) -> int:
        """The number of connections at which it stops accepting: those that wait, and one for each thread."""
        if time.monotonic() >= self._accept_again:
            return self.nr_conns + 1
        return len(self._waiting) + self.cfg.threads

    @worker_connections.setter
    def worker_connections(self, most: int) -> None:
        """Ignored: WaitingWorker applies Gunicorn's setting to the connections that wait."""

    def accept(self, listener: socket) -> None:
        # Gunicorn checks the limit once for both ports, and there may be one free thread and two clients.
        if self.alive and self.nr_conns >= self.worker_connections:
            return
        self._accept_again = time.monotonic() + self.ACCEPT_PAUSE
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in (errno.EMFILE, errno.ENFILE):
                raise
            self.close_longest_waiting(str(error))

    def set_accept_enabled(self, enabled: bool) -> None:
        if enabled:  # the first registered port is polled first
            self.sockets = self.sockets[1:] + self.sockets[:1]
        # The signal may arrive after Gunicorn has checked `alive`.
        super().set_accept_enabled(enabled and self.alive)
        if not self.alive:
            for listener in self.sockets:
                for _ in range(self.cfg.backlog):
                    if not select.select([listener], [], [], 0)[0]:  # the backlog is empty
                        break
                    self.accept(listener)
                listener.close()
            self.sockets = []
