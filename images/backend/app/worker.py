"""Gunicorn's worker as the API has it: which connections it accepts, and its end that loses no request."""

from __future__ import annotations

import errno
import select
import time
from socket import socket

from .waiting_worker import WaitingWorker


class Worker(WaitingWorker):
    """Upstream's accepts clients although all its threads are busy, and keeps them for itself.

    One worker may then have nearly all connections and the other nothing to do, as long as clients keep
    them alive. Here a worker with a free thread accepts before one without, and where there are two ports
    (app/proxies.py), their queues take turns: a crowd at one keeps nobody at the other waiting.

    Upstream's leaves the listening socket open while it finishes, but accepts no more. The kernel goes on
    connecting clients, and resets them when the process ends. Here those that wait are taken in and
    answered, and the socket is closed: a client that comes later is refused at once and can safely ask
    another pod. Who connects between the last look and the close is still reset; in a cluster nobody does,
    for a pod ends only some seconds after it was taken out of its Service (preStop).
    """

    # Seconds after which a worker whose threads are all busy accepts again, for the other one may be as busy.
    ACCEPT_PAUSE = 0.05
    _accept_again = 0.0

    @property
    def worker_connections(self) -> int:
        """With how many connections it accepts no more: those that wait, and one for each thread."""
        if time.monotonic() >= self._accept_again:
            return self.nr_conns + 1
        return len(self._waiting) + self.cfg.threads

    @worker_connections.setter
    def worker_connections(self, most: int) -> None:
        """Upstream's own number counts what waits (WaitingWorker)."""

    def accept(self, listener: socket) -> None:
        # Somebody may wait at both ports when one thread is free: upstream asks before a round, not in it.
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
        if enabled:  # the port that is registered first is asked first
            self.sockets = self.sockets[1:] + self.sockets[:1]
        # The signal may come between upstream's look at `alive` and this.
        super().set_accept_enabled(enabled and self.alive)
        if not self.alive:
            for listener in self.sockets:
                for _ in range(self.cfg.backlog):
                    if not select.select([listener], [], [], 0)[0]:  # no client waits
                        break
                    self.accept(listener)
                listener.close()
            self.sockets = []
