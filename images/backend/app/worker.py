"""Gunicorn's threaded worker, which answers at its end whoever had connected before."""

from __future__ import annotations

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """Upstream's leaves the listening socket open while it finishes, but accepts no more.

    The kernel goes on connecting clients, and resets them when the process ends. Here those that wait are
    taken in and answered, and the socket is closed: a client that comes later is refused at once and can
    safely ask another pod. Who connects between the last look and the close is still reset; in a cluster
    nobody does, for a pod ends only some seconds after it was taken out of its Service (preStop).
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                self._accept_waiting(listener)
                listener.close()

    def _accept_waiting(self, listener: object) -> None:
        connections = -1
        while self.nr_conns != connections:  # nobody waits any more
            connections = self.nr_conns
            self.accept(listener)
