"""The worker before app/waiting_worker.py (commit e63dba3), for the comparison in docs/decisions/0007."""

from __future__ import annotations

from socket import socket

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """Accepts only with a free thread, in turn from two ports, and drains the backlog on shutdown."""

    @property
    def worker_connections(self) -> int:
        waiting = len(self.keepalived_conns) + len(self.pending_conns)
        return min(self._most_connections, waiting + self.cfg.threads)

    @worker_connections.setter
    def worker_connections(self, most: int) -> None:
        self._most_connections = most

    def accept(self, listener: socket) -> None:
        if not self.alive or self.nr_conns < self.worker_connections:
            super().accept(listener)

    def set_accept_enabled(self, enabled: bool) -> None:
        if enabled:
            self.sockets = self.sockets[1:] + self.sockets[:1]
        super().set_accept_enabled(enabled and self.alive)
        if not self.alive:
            for listener in self.sockets:
                self._accept_waiting(listener)
                listener.close()
            self.sockets = []

    def _accept_waiting(self, listener: socket) -> None:
        connections = -1
        while self.nr_conns != connections:
            connections = self.nr_conns
            self.accept(listener)
