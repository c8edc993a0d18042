"""Gunicorn's threaded worker, which takes in whom it can serve, and at its end whoever waits."""

from __future__ import annotations

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """Upstream's accepts clients although all its threads are busy, and keeps them for itself.

    One worker may then have nearly all connections and the other nothing to do, as long as clients keep
    them alive. Here a new connection waits for the first free thread of any worker, and where there are two
    ports (app/proxies.py), their queues take turns: a crowd at one keeps nobody at the other waiting.

    Upstream's leaves the listening socket open while it finishes, but accepts no more. The kernel goes on
    connecting clients, and resets them when the process ends. Here those that wait are taken in and
    answered, and the socket is closed: a client that comes later is refused at once and can safely ask
    another pod. Who connects between the last look and the close is still reset; in a cluster nobody does,
    for a pod ends only some seconds after it was taken out of its Service (preStop).
    """

    @property
    def worker_connections(self) -> int:
        """With how many connections it accepts no more: those at rest, and one for each thread."""
        at_rest = len(self.keepalived_conns) + len(self.pending_conns)
        return min(self._most_connections, at_rest + self.cfg.threads)

    @worker_connections.setter
    def worker_connections(self, most: int) -> None:
        self._most_connections = most

    def accept(self, listener: object) -> None:
        # Somebody may wait at both ports when one thread is free: upstream asks before a round, not in it.
        if not self.alive or self.nr_conns < self.worker_connections:
            super().accept(listener)

    def set_accept_enabled(self, enabled: bool) -> None:
        if enabled:  # the port that is registered first is asked first
            self.sockets = self.sockets[1:] + self.sockets[:1]
        # The signal may come between upstream's look at `alive` and this.
        super().set_accept_enabled(enabled and self.alive)
        if not self.alive:
            for listener in self.sockets:
                self._accept_waiting(listener)
                listener.close()
            self.sockets = []

    def _accept_waiting(self, listener: object) -> None:
        connections = -1
        while self.nr_conns != connections:  # nobody waits any more
            connections = self.nr_conns
            self.accept(listener)
