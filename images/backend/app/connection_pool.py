"""A worker's pool of connections to PostgreSQL, which keeps one thread free for requests without a database.

The circuit breaker (app/circuit_breaker.py) handles an unreachable server. This pool handles a server that
hangs (stuck disk, locked table): connections stay open but no reply comes. A statement then blocks for
statement_timeout; if the whole server hangs, it blocks without a limit, because the server enforces
statement_timeout and its kernel still acknowledges TCP keepalives. If every thread of a worker blocked, the
liveness probe would fail in all pods and the kubelet would restart healthy containers.

So a worker has one connection less than threads (settings.CONNECTIONS_PER_WORKER), and the last thread stops
waiting for a connection if no request has returned one for TIMEOUT. If each request waited that long, the
queue would still grow. So after one timeout, requests fail at once for PAUSE while all connections are in
use. Then one request waits again. The first request that gets a connection ends the refusals.

A slow server, or a node without a free CPU, still returns connections. SQLAlchemy's queue is not fair: a
thread that returns a connection may take it for its next request before the waiting thread runs. The waiting
thread then waits again: its request is slow and does not fail.

A blocked request keeps its thread and its connection until the server replies or TCP detects its end.
"""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

# Seconds: many times as long as a busy server needs, a third of the timeout of the liveness probe.
TIMEOUT = 1  # a whole number: Flask-SQLAlchemy truncates fractions
# Seconds, less than the Retry-After header of the response (problems.RETRY_AFTER).
PAUSE = 1.0


class ConnectionPool(QueuePool):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._refuses_until = 0.0
        self._returned_at = 0.0

    def connect(self) -> PoolProxiedConnection:
        if time.monotonic() < self._refuses_until and self.checkedout() >= self.size():
            raise PoolTimeoutError(
                "refused at once: all connections are in use, and the last wait for one timed out"
            )
        while True:
            began = time.monotonic()
            try:
                connection = super().connect()
            except PoolTimeoutError:
                if self._returned_at > began:
                    continue
                self._refuses_until = time.monotonic() + PAUSE
                raise
            self._refuses_until = 0.0
            return connection

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        self._returned_at = time.monotonic()
        super()._do_return_conn(record)
