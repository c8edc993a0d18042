"""A proxy between the API and a test server that can drop all packets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from servers import HOST


class Cable:
    """A connection to a server that can be unplugged: connections then get no reply and no reset.

    Open connections end at once, not only after the timeout of TCP.
    """

    def __init__(self, to: int) -> None:
        self._to = to
        self._listener = socket.create_server((HOST, 0))
        self.port = self._listener.getsockname()[1]
        self.attempts = 0  # attempts to connect since it was unplugged
        self._plugged = True
        self._carried: list[socket.socket] = []
        self._lock = threading.Lock()
        self._acceptor = self._thread(self._accept)

    def unplug(self) -> None:
        with self._lock:
            self._plugged, self.attempts = False, 0
        self._drop()

    def plug(self) -> None:
        """Accept new connections; attempts during the outage stay without a reply."""
        with self._lock:
            self._plugged = True

    def remove(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # ends accept(), which close() alone does not
        self._acceptor.join()
        self._listener.close()
        self._drop()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.attempts += 1
                self._carried.append(client)
                if self._plugged:
                    self._carry(client)

    def _carry(self, client: socket.socket) -> None:
        server = socket.create_connection((HOST, self._to))
        self._carried.append(server)
        self._thread(self._copy, client, server)
        self._thread(self._copy, server, client)

    def _copy(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def _drop(self) -> None:
        with self._lock:
            for connection in self._carried:
                with suppress(OSError):  # the peer may have closed it
                    connection.shutdown(socket.SHUT_RDWR)
                connection.close()
            self._carried.clear()

    def _thread(self, target: Callable[..., None], *arguments: object) -> threading.Thread:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        thread.start()
        return thread
